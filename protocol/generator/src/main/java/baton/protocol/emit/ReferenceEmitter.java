package baton.protocol.emit;

import baton.protocol.schema.DefaultValue;
import baton.protocol.schema.Field;
import baton.protocol.schema.Layout;
import baton.protocol.schema.MessageType;
import baton.protocol.schema.Property;
import baton.protocol.schema.Releases;
import baton.protocol.schema.Schema;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the reference in Markdown: one page for each schema file, and a page of message types. */
final class ReferenceEmitter {

  private final Schema schema;
  private final Releases releases;
  private final String title;

  ReferenceEmitter(Schema schema, String title) {
    this.schema = schema;
    this.releases = schema.releases();
    this.title = title;
  }

  /** Pages by their path below the reference directory. */
  Map<String, String> pages() {
    Map<String, StringBuilder> texts = new TreeMap<>();
    for (Layout layout : schema.layouts()) {
      texts
          .computeIfAbsent(page(layout), page -> new StringBuilder(heading(layout)))
          .append(section(layout));
    }
    Map<String, String> pages = new TreeMap<>();
    texts.forEach((page, text) -> pages.put(page, text.toString()));
    pages.put("README.md", index());
    return pages;
  }

  private static String page(Layout layout) {
    return layout.file().replaceFirst("\\.json$", ".md");
  }

  private static String heading(Layout layout) {
    return "# " + layout.file().replaceFirst("\\.json$", "") + "\n\nGenerated from the schema.\n";
  }

  private String index() {
    StringBuilder text = new StringBuilder("# ").append(title);
    text.append("\n\nGenerated from the schema: ").append(schema.layouts().size());
    text.append(" layouts, ").append(schema.types().size()).append(" message types.\n");
    if (!schema.types().isEmpty()) {
      text.append("\n| number | type | releases | body | direction | privilege | meaning |\n");
      text.append("|---|---|---|---|---|---|---|\n");
      schema.types().forEach(type -> text.append(row(type)));
    }
    text.append("\n## Layouts\n\n");
    for (Layout layout : schema.layouts()) {
      text.append("- ")
          .append(link(layout.name(), ""))
          .append(": ")
          .append(layout.doc())
          .append('\n');
    }
    return text.toString();
  }

  private String row(MessageType type) {
    String bodies =
        type.layouts().entrySet().stream()
            .map(
                entry ->
                    link(entry.getValue(), "")
                        + (type.layouts().size() > 1
                            ? " (" + releases.describe(entry.getKey()) + ")"
                            : ""))
            .collect(Collectors.joining(", "));
    String direction = type.from().isEmpty() ? "" : type.from() + " → " + type.to();
    return "| "
        + String.join(
            " | ",
            Integer.toString(type.number()),
            type.type(),
            releases.describe(type.releases()),
            bodies.isEmpty() ? "none" : bodies,
            direction,
            type.privilege(),
            cell(type.doc()))
        + " |\n";
  }

  private String link(String name, String up) {
    Layout layout = schema.byName().get(name);
    return "["
        + name
        + "]("
        + up
        + page(layout)
        + "#"
        + name.toLowerCase(java.util.Locale.ROOT)
        + ")";
  }

  private String section(Layout layout) {
    StringBuilder text = new StringBuilder("\n## ").append(layout.name()).append("\n\n");
    text.append(layout.doc()).append("\n\nReleases ").append(releases.describe(layout.releases()));
    if (!layout.source().isEmpty()) {
      text.append("; read in ").append(layout.source());
    }
    text.append(
        ".\n\n| field | type | releases | when | default | meaning |\n|---|---|---|---|---|---|\n");
    Set<String> seen = new HashSet<>();
    for (Field field : layout.fields()) {
      Property property = layout.property(field.name());
      boolean first = seen.add(field.name());
      String when = field.when() == null ? "" : field.when().text();
      text.append("| ").append(field.name());
      text.append(" | ").append(cell(field.type().text()));
      text.append(" | ").append(releases.describe(field.releases()));
      text.append(" | ").append(cell(when));
      text.append(" | ").append(first ? text(property.defaultValue()) : "");
      text.append(" | ").append(first ? cell(field.doc()) : "as above").append(" |\n");
    }
    return text.toString();
  }

  private static String text(DefaultValue value) {
    if (value instanceof DefaultValue.Numeric numeric) {
      return numeric.text();
    }
    if (value instanceof DefaultValue.Decimal decimal) {
      return Double.toString(decimal.value());
    }
    return value instanceof DefaultValue.Text text ? "\"" + cell(text.value()) + "\"" : "";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }
}
