package baton.importer;

import baton.importer.read.StateSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A StateSaveLocation that a real slurmctld left behind (bin/record-state), in memory; and copies
 * of it in which files are other than they were.
 */
public final class Fixture implements StateSource {

  /** Where they are, a directory a release. */
  public static final Path ROOT = Path.of("src/test/state");

  public static final List<String> RELEASES = List.of("22.05", "24.11", "26.05");

  private final Map<String, byte[]> files;

  private Fixture(Map<String, byte[]> files) {
    this.files = files;
  }

  public static Fixture of(String release) {
    StateSource directory = StateSource.of(ROOT.resolve(release));
    Map<String, byte[]> files = new TreeMap<>();
    try {
      for (String path : directory.paths()) {
        files.put(path, Files.readAllBytes(ROOT.resolve(release).resolve(path)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Fixture(files);
  }

  public byte[] bytes(String path) {
    return files.get(path).clone();
  }

  /** As it is, with one file replaced; without it if {@code bytes} is null. */
  public Fixture with(String path, byte[] bytes) {
    Map<String, byte[]> other = new TreeMap<>(files);
    if (bytes == null) {
      other.remove(path);
    } else {
      other.put(path, bytes);
    }
    return new Fixture(other);
  }

  @Override
  public Optional<InputStream> open(String path) {
    return Optional.ofNullable(files.get(path)).map(ByteArrayInputStream::new);
  }

  @Override
  public Set<String> paths() {
    return Collections.unmodifiableSet(files.keySet());
  }
}
