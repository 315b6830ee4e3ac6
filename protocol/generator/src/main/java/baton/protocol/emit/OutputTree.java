package baton.protocol.emit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that holds generated files and nothing else. Files whose content is unchanged are
 * left alone, so that the compiler sees no change; files of an earlier run that came not again are
 * deleted by {@link #finish}.
 */
final class OutputTree {

  private final Path root;
  private final Set<Path> written = new HashSet<>();

  OutputTree(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    byte[] bytes = content.getBytes(UTF_8);
    written.add(file);
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  void finish() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (!written.contains(file)) {
        Files.delete(file);
      }
    }
  }
}
