package baton.protocol.schema;

import static baton.protocol.schema.Schemas.field;
import static baton.protocol.schema.Schemas.layout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault of a schema is told with file, layout and field. */
class SchemaCheckTest {

  @TempDir Path directory;

  private List<String> problems(String layouts, String types) {
    Schemas.write(directory, layouts, types);
    List<Problem> problems;
    try {
      problems = SchemaCheck.problems(Schemas.read(directory), "JobId"::equals);
    } catch (SchemaException e) {
      problems = e.problems();
    }
    return problems.stream().map(Problem::toString).toList();
  }

  private void refused(String what, String layouts, String types) {
    List<String> problems = problems(layouts, types);
    assertTrue(problems.stream().anyMatch(problem -> problem.contains(what)), problems::toString);
  }

  private void refusedField(String what, String... fields) {
    refused("message/some.json: A." + what, layout(fields), "[]");
  }

  private void accepted(String... fields) {
    assertEquals(List.of(), problems(layout(fields), "[]"));
  }

  @Test
  void unknownWords() {
    refusedField("f: unknown type \"u24\"", field("f", "u24"));
    refusedField("f: unknown layout or type \"Nowhere\"", field("f", "Nowhere"));
    refusedField("f: unknown class \"Id\"", field("f", "u32", "\"as\": \"Id\""));
    refusedField("f: unknown release \"4\"", field("f", "u8", "\"versions\": \"4+\""));
    refusedField("f: unknown key \"wen\"", field("f", "u8", "\"wen\": \"x == 1\""));
    refusedField("f: \"array<u8\": expected", field("f", "array<u8"));
    accepted(field("f", "u32", "\"as\": \"JobId\""), field("g", "array<u32>", "\"as\": \"JobId\""));
  }

  @Test
  void ranges() {
    refusedField(
        "f: stands twice in 2",
        field("f", "u8", "\"versions\": \"1-2\""),
        field("f", "u8", "\"versions\": \"2+\""));
    refusedField("f: versions \"2-1\" run backwards", field("f", "u8", "\"versions\": \"2-1\""));
    accepted(field("f", "u8", "\"versions\": \"1,3\""), field("f", "u16", "\"versions\": \"2\""));
  }

  @Test
  void exclusiveConditions() {
    String kind = field("k", "u8");
    accepted(
        kind,
        field("f", "u8", "\"when\": \"k == 1\""),
        field("f", "u16", "\"when\": \"k == 2 || k > 5\""));
    accepted(
        kind, field("f", "u8", "\"when\": \"k < 3\""), field("f", "u16", "\"when\": \"k >= 3\""));
    refusedField(
        "f: stands twice in 1+",
        kind,
        field("f", "u8", "\"when\": \"k < 4\""),
        field("f", "u16", "\"when\": \"k >= 3\""));
    refusedField(
        "f: stands twice in 1+",
        kind,
        field("f", "u8", "\"when\": \"k has 1\""),
        field("f", "u16"));
  }

  @Test
  void references() {
    refusedField(
        "f: refers to \"k\", which is not before it in 1+",
        field("f", "u8", "\"when\": \"k == 1\""),
        field("k", "u8"));
    refusedField(
        "f: refers to \"k\", which is not before it in 1",
        field("k", "u8", "\"versions\": \"2+\""),
        field("f", "u8[k]"));
    refusedField("f: \"s\" is not a number", field("s", "string"), field("f", "u8[s]"));
    refusedField("f: \"s\" is not a bit string", field("s", "string"), field("f", "u8[ones(s)]"));
    refusedField(
        "f: \"k\" cannot be compared with null",
        field("k", "u8"),
        field("f", "u8", "\"when\": \"k != null\""));
    accepted(
        field("k", "u8"),
        field("s", "string"),
        field("f", "u8[k * 2 - 1]", "\"when\": \"s != null && k <= 3\""));
  }

  @Test
  void javaTypes() {
    refusedField(
        "f: types that Java cannot hold",
        field("f", "u8", "\"versions\": \"1\""),
        field("f", "string", "\"versions\": \"2+\""));
    refusedField("f: \"as\" does not fit type bytes", field("f", "bytes", "\"as\": \"JobId\""));
    refusedField(
        "f: entries disagree about \"default\"",
        field("f", "u8", "\"default\": 1", "\"versions\": \"1\""),
        field("f", "u16", "\"default\": 2", "\"versions\": \"2+\""));
    refusedField("f: its default does not fit", field("f", "string", "\"default\": 5"));
    accepted(
        field("f", "u16", "\"default\": \"NO_VAL16\"", "\"versions\": \"1\""),
        field("f", "u32", "\"default\": \"NO_VAL\"", "\"versions\": \"2+\""));
  }

  @Test
  void names() {
    refusedField("class: cannot be the name", field("class", "u8"));
    refusedField("node_count: cannot be the name", field("node_count", "u8"));
    refused(
        "A.f: its first entry needs a \"doc\"",
        "[{\"layout\": \"A\", \"doc\": \"A.\", \"fields\": [{\"name\": \"f\", \"type\": \"u8\"}]}]",
        "[]");
    String twice =
        layout().replace("]}]", "]}, {\"layout\": \"A\", \"doc\": \"A.\", \"fields\": []}]");
    refused("A: also described in message/some.json", twice, "[]");
  }

  @Test
  void layoutsInLayouts() {
    refused("A: contains itself", layout(field("f", "list<A>")), "[]");
    String two =
        "[{\"layout\": \"A\", \"doc\": \"A.\", \"fields\": ["
            + field("f", "B")
            + "]}, {\"layout\": \"B\", \"doc\": \"B.\", \"versions\": \"2+\", \"fields\": []}]";
    refused("A.f: B does not stand in 1", two, "[]");
  }

  @Test
  void tables() {
    String row = "{\"type\": \"%s\", \"number\": %d, \"doc\": \"It.\", %s}";
    refused(
        "X: unknown layout B", layout(), "[" + row.formatted("X", 1, "\"layout\": \"B\"") + "]");
    refused(
        "X: unknown reply Y", layout(), "[" + row.formatted("X", 1, "\"replies\": [\"Y\"]") + "]");
    refused(
        "unknown privilege",
        layout(),
        "[" + row.formatted("X", 1, "\"privilege\": \"king\"") + "]");
    String a = row.formatted("X", 1, "\"versions\": \"1\"");
    refused(
        "clashes with X",
        layout(),
        "[" + a + "," + row.formatted("Y", 1, "\"versions\": \"1-2\"") + "]");
    assertEquals(
        List.of(),
        problems(layout(), "[" + a + "," + row.formatted("Y", 1, "\"versions\": \"2+\"") + "]"));
  }

  @Test
  void unusedStructsAreFound() {
    assertEquals("struct/s.json: S: nothing uses it", unused("").get(0).toString());
    assertEquals(List.of(), unused("the framing"));
  }

  private static List<Problem> unused(String usedBy) {
    Layout layout =
        new Layout(
            "S",
            "struct/s.json",
            "S.",
            "",
            new ReleaseSet(1),
            List.of(),
            usedBy,
            List.of(),
            List.of());
    return SchemaCheck.unused(new Schema(new Releases(List.of("1")), List.of(layout), List.of()));
  }

  @Test
  void brokenFiles() {
    refused("message/some.json: not JSON at line", "[{]", "[]");
    refused(
        "message/some.json: not JSON at line", "[{\"layout\": \"A\", \"layout\": \"B\"}]", "[]");
    refused("message/some.json: not JSON at line", "[] []", "[]");
  }
}
