package baton.importer.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where the files are read from; paths are below the StateSaveLocation, with {@code /}. */
public interface StateSource {

  /** Its bytes from the start; empty if there is no such file. The caller closes it. */
  Optional<InputStream> open(String path) throws IOException;

  /** The paths of all files, in order. */
  Set<String> paths() throws IOException;

  /** A directory of a file system. Links are not followed out of it: they count as no file. */
  static StateSource of(Path directory) {
    return new StateSource() {
      @Override
      public Optional<InputStream> open(String path) throws IOException {
        Path file = directory.resolve(path);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            ? Optional.of(Files.newInputStream(file))
            : Optional.empty();
      }

      @Override
      public Set<String> paths() throws IOException {
        Set<String> paths = new TreeSet<>();
        try (Stream<Path> walk = Files.walk(directory)) {
          walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .forEach(file -> paths.add(directory.relativize(file).toString()));
        }
        return paths;
      }
    };
  }
}
