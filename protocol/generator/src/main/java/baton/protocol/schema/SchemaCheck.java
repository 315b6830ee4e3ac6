package baton.protocol.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Checks what only shows when all layouts and message types are seen together. */
public final class SchemaCheck {

  private final Schema schema;
  private final Map<String, Layout> layouts;
  private final List<Problem> problems = new ArrayList<>();

  private SchemaCheck(Schema schema) {
    this.schema = schema;
    this.layouts = schema.byName();
  }

  /**
   * All faults of the schema, in the order of its layouts.
   *
   * @param classExists whether a class or interface of that name is known to the configuration
   */
  public static List<Problem> problems(Schema schema, Predicate<String> classExists) {
    SchemaCheck check = new SchemaCheck(schema);
    check.duplicateLayouts();
    for (Layout layout : schema.layouts()) {
      check.problems.addAll(
          new LayoutCheck(schema.releases(), check.layouts, classExists, layout).problems());
      check.recursion(layout);
    }
    check.types();
    return check.problems;
  }

  /** Layouts below {@code struct} that nothing refers to, and that do not say what reads them. */
  public static List<Problem> unused(Schema schema) {
    Set<String> used = new HashSet<>();
    for (Layout layout : schema.layouts()) {
      layout.fields().forEach(field -> used.add(field.type().layoutInside()));
    }
    schema.types().forEach(type -> used.addAll(type.layouts().values()));
    return schema.layouts().stream()
        .filter(layout -> layout.directory().equals("struct") && layout.usedBy().isEmpty())
        .filter(layout -> !used.contains(layout.name()))
        .map(layout -> new Problem(layout.file(), layout.name(), "", "nothing uses it"))
        .toList();
  }

  private void duplicateLayouts() {
    Map<String, String> files = new HashMap<>();
    for (Layout layout : schema.layouts()) {
      String other = files.putIfAbsent(layout.name(), layout.file());
      if (other != null) {
        problems.add(new Problem(layout.file(), layout.name(), "", "also described in " + other));
      }
    }
  }

  private void recursion(Layout layout) {
    Set<String> reached = new TreeSet<>();
    List<Layout> open = new ArrayList<>(List.of(layout));
    while (!open.isEmpty()) {
      for (Field field : open.remove(open.size() - 1).fields()) {
        Layout inside = layouts.get(String.valueOf(field.type().layoutInside()));
        if (inside != null && reached.add(inside.name())) {
          open.add(inside);
        }
      }
    }
    if (reached.contains(layout.name())) {
      problems.add(new Problem(layout.file(), layout.name(), "", "contains itself"));
    }
  }

  private void types() {
    Set<String> names = new HashSet<>();
    schema.types().forEach(type -> names.add(type.type()));
    List<MessageType> types = schema.types();
    for (int i = 0; i < types.size(); i++) {
      MessageType type = types.get(i);
      if (!type.type().matches("[A-Z][A-Z0-9_]*")) {
        report(type, "name must be in capitals");
      }
      for (MessageType other : types.subList(0, i)) {
        boolean clash = type.number() == other.number() || type.type().equals(other.type());
        if (clash && type.releases().overlaps(other.releases())) {
          report(type, "clashes with " + other.type() + " of " + other.file());
        }
      }
      type.layouts().forEach((releases, layout) -> body(type, releases, layout));
      for (String reply : type.replies()) {
        if (!names.contains(reply)) {
          report(type, "unknown reply " + reply);
        }
      }
    }
  }

  private void body(MessageType type, ReleaseSet releases, String name) {
    Layout layout = layouts.get(name);
    if (layout == null) {
      report(type, "unknown layout " + name);
    } else if (!releases.minus(layout.releases()).isEmpty()) {
      ReleaseSet missing = releases.minus(layout.releases());
      report(type, name + " does not stand in " + schema.releases().describe(missing));
    }
  }

  private void report(MessageType type, String what) {
    problems.add(new Problem(type.file(), type.type(), "", what));
  }
}
