package baton.protocol.evolve;

import static baton.protocol.schema.Schemas.field;
import static baton.protocol.schema.Schemas.layout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import baton.protocol.schema.Problem;
import baton.protocol.schema.Schema;
import baton.protocol.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A released layout cannot change in silence. */
class ReleasedLockTest {

  @TempDir Path directory;

  private Schema schema(String... fields) {
    Schemas.write(directory, layout(fields), "[]");
    return Schemas.read(directory);
  }

  private ReleasedLock released(String... fields) throws IOException {
    Path file = directory.resolve("released.lock");
    ReleasedLock.of(schema(fields)).write(file);
    return ReleasedLock.read(file);
  }

  @Test
  void anotherOrderOrTypeOrConditionIsRefused() throws IOException {
    String a = field("a", "u8");
    String b = field("b", "u8");
    ReleasedLock lock = released(a, b);
    assertEquals(List.of(), lock.problems(schema(a, b)));
    assertEquals(3, lock.problems(schema(b, a)).size());
    assertEquals(3, lock.problems(schema(a, field("b", "u16"))).size());
    assertEquals(3, lock.problems(schema(a, field("b", "u8", "\"when\": \"a == 1\""))).size());
    List<Problem> one = lock.problems(schema(a, b, field("c", "u8", "\"versions\": \"3\"")));
    assertEquals(1, one.size());
    assertEquals("A 3", one.get(0).layout());
    assertEquals("message/some.json", one.get(0).file());
  }

  @Test
  void documentationAndDefaultsMayChange() throws IOException {
    ReleasedLock lock = released(field("a", "u8"));
    String other = field("a", "u8", "\"default\": 3").replace("It.", "Something else.");
    assertEquals(List.of(), lock.problems(schema(other)));
    assertEquals(List.of(), lock.changes(schema(other)));
  }

  @Test
  void newLayoutsAreFreeAndLostOnesAreNot() throws IOException {
    ReleasedLock none = ReleasedLock.read(directory.resolve("absent"));
    Schema schema = schema(field("a", "u8"));
    assertEquals(List.of(), none.problems(schema));
    assertEquals(List.of("new      A 1", "new      A 2", "new      A 3"), none.changes(schema));
    ReleasedLock lock = released(field("a", "u8"));
    Schemas.write(directory, layout().replace("\"A\"", "\"B\""), "[]");
    assertEquals(3, lock.problems(Schemas.read(directory)).size());
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Path file = directory.resolve("released.lock");
    Files.writeString(file, "A 22.05\n");
    assertThrows(IllegalArgumentException.class, () -> ReleasedLock.read(file));
  }
}
