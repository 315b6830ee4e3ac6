package baton.protocol.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Turns the JSON of one layout into a {@link Layout}, noting every fault. */
final class LayoutReader {

  private static final Set<String> LAYOUT_KEYS =
      Set.of("layout", "doc", "source", "versions", "implements", "usedBy", "fields");
  private static final Set<String> FIELD_KEYS =
      Set.of("name", "type", "versions", "doc", "default", "older", "when", "as", "sentinels");

  private final Releases releases;
  private final String file;
  private final List<Problem> problems;

  LayoutReader(Releases releases, String file, List<Problem> problems) {
    this.releases = releases;
    this.file = file;
    this.problems = problems;
  }

  /** The layout; null if it cannot be made sense of. */
  Layout read(JsonNode node) {
    String name = node.path("layout").asText("");
    try {
      JsonFile.onlyKeys(node, LAYOUT_KEYS);
      name = JsonFile.required(node, "layout");
      String doc = JsonFile.required(node, "doc");
      String source = JsonFile.text(node, "source");
      String usedBy = JsonFile.text(node, "usedBy");
      String versions = JsonFile.text(node, "versions");
      ReleaseSet own = versions == null ? releases.all() : releases.parse(versions);
      List<Field> fields = fields(name, node, own);
      return new Layout(
          name,
          file,
          doc,
          source == null ? "" : source,
          own,
          List.copyOf(JsonFile.texts(node, "implements")),
          usedBy == null ? "" : usedBy,
          fields,
          properties(name, fields));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(file, name, "", e.getMessage()));
      return null;
    }
  }

  private List<Field> fields(String layout, JsonNode node, ReleaseSet own) {
    JsonNode entries = node.get("fields");
    if (entries == null || !entries.isArray()) {
      throw new IllegalArgumentException("\"fields\" is missing");
    }
    List<Field> fields = new ArrayList<>();
    for (JsonNode entry : entries) {
      String name = entry.path("name").asText("");
      try {
        fields.add(field(entry, own));
      } catch (IllegalArgumentException e) {
        problems.add(new Problem(file, layout, name, e.getMessage()));
      }
    }
    return List.copyOf(fields);
  }

  private Field field(JsonNode node, ReleaseSet own) {
    JsonFile.onlyKeys(node, FIELD_KEYS);
    String versions = JsonFile.text(node, "versions");
    ReleaseSet set = versions == null ? own : releases.parse(versions);
    if (!set.minus(own).isEmpty()) {
      throw new IllegalArgumentException(
          "stands in " + releases.describe(set.minus(own)) + ", where the layout does not");
    }
    String when = JsonFile.text(node, "when");
    String doc = JsonFile.text(node, "doc");
    JsonNode sentinels = node.get("sentinels");
    return new Field(
        JsonFile.required(node, "name"),
        TypeParser.parse(JsonFile.required(node, "type")),
        set,
        when == null ? null : Condition.parse(when),
        doc == null ? "" : doc,
        defaultValue(node.get("default")),
        older(JsonFile.text(node, "older")),
        JsonFile.text(node, "as"),
        sentinels != null && sentinels.asBoolean());
  }

  private static DefaultValue defaultValue(JsonNode node) {
    if (node == null) {
      return null;
    }
    if (node.isIntegralNumber()) {
      return new DefaultValue.Numeric(node.bigIntegerValue().longValue(), node.asText());
    }
    if (node.isNumber()) {
      return new DefaultValue.Decimal(node.doubleValue());
    }
    if (node.isBoolean()) {
      return new DefaultValue.Numeric(node.booleanValue() ? 1 : 0, node.asText());
    }
    if (!node.isTextual()) {
      throw new IllegalArgumentException("\"default\" must be a number, string or boolean");
    }
    String text = node.textValue();
    if (text.equals("true") || text.equals("false")) {
      return new DefaultValue.Numeric(text.equals("true") ? 1 : 0, text);
    }
    OptionalLong named =
        text.startsWith("NO_VAL") || text.startsWith("INFINITE")
            ? Constants.value(text)
            : OptionalLong.empty();
    return named.isPresent()
        ? new DefaultValue.Numeric(named.getAsLong(), text)
        : new DefaultValue.Text(text);
  }

  private static Field.Older older(String text) {
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "drop" -> Field.Older.DROP;
      case "refuse" -> Field.Older.REFUSE;
      default -> throw new IllegalArgumentException("\"older\" must be drop or refuse");
    };
  }

  private List<Property> properties(String layout, List<Field> fields) {
    Map<String, List<Field>> byName = new LinkedHashMap<>();
    for (Field field : fields) {
      byName.computeIfAbsent(field.name(), name -> new ArrayList<>()).add(field);
    }
    List<Property> properties = new ArrayList<>();
    byName.forEach(
        (name, entries) -> {
          try {
            properties.add(Property.of(entries));
          } catch (IllegalArgumentException e) {
            problems.add(new Problem(file, layout, name, e.getMessage()));
          }
        });
    return List.copyOf(properties);
  }
}
