package baton.protocol.generator;

import static baton.protocol.schema.Schemas.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.schema.SchemaException;
import baton.protocol.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole run: what it writes, what it leaves alone, what it refuses. */
class MainTest {

  private static final String TYPES =
      """
      [{"type": "TELL", "number": 1, "layout": "A", "doc": "Tells."},
       {"type": "ASK", "number": 2, "doc": "Asks.", "replies": ["TELL"]}]
      """;

  @TempDir Path directory;

  @BeforeEach
  void schema() {
    Schemas.write(directory, Schemas.layout(field("a", "u8"), field("b", "list<string>")), TYPES);
  }

  private void run(String output, String... more) throws IOException {
    String[] arguments = {
      "--schema", directory.toString(),
      "--package", "message=some.value",
      "--codecs", "some.wire",
      "--release", "some.Release",
      "--sources", directory.resolve(output).resolve("main").toString(),
      "--test-sources", directory.resolve(output).resolve("test").toString(),
      "--reference", directory.resolve(output).resolve("pages").toString(),
    };
    Main.main(Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new));
  }

  private Map<String, String> tree(String output) throws IOException {
    Path root = directory.resolve(output);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void twoRunsGiveTheSameBytes() throws IOException {
    run("one");
    run("two");
    assertEquals(tree("one"), tree("two"));
    assertTrue(tree("one").containsKey("main/some/value/A.java"));
    assertTrue(tree("one").containsKey("main/some/wire/MessageCodec.java"));
    assertTrue(tree("one").containsKey("test/some/wire/Samples.java"));
    assertTrue(tree("one").containsKey("pages/message/some.md"));
  }

  @Test
  void theOrderOfFilesAndLayoutsDoesNotMatter() throws IOException {
    run("one");
    Files.move(directory.resolve("message/some.json"), directory.resolve("message/zzz.json"));
    String other = Schemas.layout().replace("\"A\"", "\"B\"");
    Files.writeString(directory.resolve("message/aaa.json"), other);
    run("two");
    assertEquals(
        tree("one").get("main/some/value/A.java"), tree("two").get("main/some/value/A.java"));
  }

  @Test
  void unchangedFilesAreLeftAloneAndStaleOnesDeleted() throws IOException {
    run("one");
    Path value = directory.resolve("one/main/some/value/A.java");
    FileTime long1 = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(value, long1);
    Path stale = directory.resolve("one/main/some/value/Gone.java");
    Files.writeString(stale, "old");
    run("one");
    assertEquals(long1, Files.getLastModifiedTime(value));
    assertFalse(Files.exists(stale));
  }

  @Test
  void aChangeAgainstTheLockIsRefusedUntilItIsUpdated() throws IOException {
    String lock = directory.resolve("released.lock").toString();
    run("one", "--lock", lock, "--update-lock", "true");
    run("one", "--lock", lock);
    Schemas.write(directory, Schemas.layout(field("a", "u16")), TYPES);
    SchemaException refused = assertThrows(SchemaException.class, () -> run("one", "--lock", lock));
    assertEquals(3, refused.problems().size());
    run("one", "--lock", lock, "--update-lock", "true");
    run("one", "--lock", lock);
  }

  @Test
  void argumentsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> run("one", "--sauces", "x"));
    assertThrows(IllegalArgumentException.class, () -> run("one", "--lock"));
    assertThrows(IllegalArgumentException.class, () -> Main.main("--codecs", "x"));
  }
}
