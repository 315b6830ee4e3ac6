package baton.protocol.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What docs/reference says about the protocol is what the schemas and goldens say. Where it is not,
 * {@code bin/reference} writes it anew (it runs this test with {@code -Dbaton.reference=write}).
 */
class ReferenceTest {

  private static final Path REFERENCE = Path.of("../../docs/reference");
  private static final Path GENERATED = Path.of("target/reference/protocol");

  @Test
  void thePagesAreUpToDate() throws IOException {
    Map<String, String> wanted = tree(GENERATED, "protocol/");
    wanted.put("goldens.md", Coverage.ofGoldens().page());
    Map<String, String> there = tree(REFERENCE.resolve("protocol"), "protocol/");
    Path goldens = REFERENCE.resolve("goldens.md");
    if (Files.exists(goldens)) {
      there.put("goldens.md", Files.readString(goldens));
    }
    if ("write".equals(System.getProperty("baton.reference"))) {
      write(wanted, there);
      return;
    }
    TreeSet<String> differing = new TreeSet<>(wanted.keySet());
    differing.addAll(there.keySet());
    differing.removeIf(page -> there.getOrDefault(page, "").equals(wanted.get(page)));
    assertEquals(
        0,
        differing.size(),
        () -> "pages of docs/reference to write anew (bin/reference): " + differing);
  }

  private static void write(Map<String, String> wanted, Map<String, String> there)
      throws IOException {
    for (Map.Entry<String, String> page : wanted.entrySet()) {
      Path file = REFERENCE.resolve(page.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, page.getValue());
    }
    for (String page : there.keySet()) {
      if (!wanted.containsKey(page)) {
        Files.delete(REFERENCE.resolve(page));
      }
    }
  }

  private static Map<String, String> tree(Path directory, String prefix) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (!Files.isDirectory(directory)) {
      return files;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      walk.filter(Files::isRegularFile)
          .forEach(file -> files.put(prefix + directory.relativize(file), read(file)));
    }
    return files;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
