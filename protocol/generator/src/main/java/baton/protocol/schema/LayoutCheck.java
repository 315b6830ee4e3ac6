package baton.protocol.schema;

import baton.protocol.schema.WireType.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Checks one layout among the others. */
final class LayoutCheck {

  /** Names that a value's accessors cannot have in Java. */
  private static final Set<String> TAKEN =
      Set.of(
          "abstract",
          "assert",
          "boolean",
          "break",
          "builder",
          "byte",
          "case",
          "catch",
          "char",
          "class",
          "clone",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "equals",
          "extends",
          "final",
          "finalize",
          "finally",
          "float",
          "for",
          "getClass",
          "goto",
          "hashCode",
          "if",
          "implements",
          "import",
          "instanceof",
          "int",
          "interface",
          "long",
          "native",
          "new",
          "notify",
          "notifyAll",
          "package",
          "private",
          "protected",
          "public",
          "return",
          "short",
          "static",
          "strictfp",
          "super",
          "switch",
          "synchronized",
          "this",
          "throw",
          "throws",
          "toBuilder",
          "toString",
          "transient",
          "try",
          "void",
          "volatile",
          "wait",
          "while",
          "build",
          "true",
          "false",
          "null");

  private final Releases releases;
  private final Map<String, Layout> layouts;
  private final Predicate<String> classExists;
  private final Layout layout;
  private final List<Problem> problems = new ArrayList<>();

  LayoutCheck(
      Releases releases,
      Map<String, Layout> layouts,
      Predicate<String> classExists,
      Layout layout) {
    this.releases = releases;
    this.layouts = layouts;
    this.classExists = classExists;
    this.layout = layout;
  }

  List<Problem> problems() {
    if (!layout.name().matches("[A-Z][A-Za-z0-9]*")) {
      report("", "the name of a layout is UpperCamelCase");
    }
    for (String name : layout.interfaces()) {
      if (!classExists.test(name)) {
        report("", "unknown interface " + name);
      }
    }
    layout.properties().forEach(this::property);
    for (int i = 0; i < layout.fields().size(); i++) {
      references(layout.fields().get(i), layout.fields().subList(0, i));
    }
    return problems;
  }

  private void report(String field, String what) {
    problems.add(new Problem(layout.file(), layout.name(), field, what));
  }

  private void property(Property property) {
    String name = property.name();
    if (!name.matches("[a-z][A-Za-z0-9]*") || TAKEN.contains(name)) {
      report(name, "cannot be the name of a property");
    }
    if (property.doc().isBlank()) {
      report(name, "its first entry needs a \"doc\"");
    }
    overlaps(property);
    defaultValue(property);
    for (Field entry : property.entries()) {
      String as = entry.as();
      if (as != null && !as.equals("Instant") && !classExists.test(as)) {
        report(name, "unknown class \"" + as + "\"");
      }
      nested(entry);
    }
  }

  private void overlaps(Property property) {
    List<Field> entries = property.entries();
    for (int i = 0; i < entries.size(); i++) {
      for (Field other : entries.subList(0, i)) {
        Field entry = entries.get(i);
        boolean exclusive =
            entry.when() != null && other.when() != null && entry.when().excludes(other.when());
        if (entry.releases().overlaps(other.releases()) && !exclusive) {
          ReleaseSet both = entry.releases().and(other.releases());
          report(property.name(), "stands twice in " + releases.describe(both));
        }
      }
    }
  }

  private void defaultValue(Property property) {
    DefaultValue value = property.defaultValue();
    boolean fits;
    if (value instanceof DefaultValue.Numeric number) {
      fits = takesNumber(property.type(), number.value());
    } else if (value instanceof DefaultValue.Decimal) {
      fits = property.type() == ValueType.Plain.DOUBLE;
    } else if (value instanceof DefaultValue.Text) {
      fits = takesText(property.type());
    } else {
      fits = true;
    }
    if (!fits) {
      report(property.name(), "its default does not fit its type");
    }
  }

  private static boolean takesNumber(ValueType type, long value) {
    if (type == ValueType.Plain.INT) {
      return value == (int) value;
    }
    if (type == ValueType.Plain.BOOLEAN) {
      return value == 0 || value == 1;
    }
    return type == ValueType.Plain.LONG
        || type == ValueType.Plain.DOUBLE
        || (type instanceof ValueType.Wrapped wrapped && !wrapped.text());
  }

  private static boolean takesText(ValueType type) {
    return type == ValueType.Plain.STRING
        || (type instanceof ValueType.Wrapped wrapped && wrapped.text());
  }

  private void nested(Field entry) {
    String inside = entry.type().layoutInside();
    if (inside == null) {
      return;
    }
    Layout other = layouts.get(inside);
    if (other == null) {
      report(entry.name(), "unknown layout or type \"" + inside + "\"");
    } else if (!entry.releases().minus(other.releases()).isEmpty()) {
      ReleaseSet missing = entry.releases().minus(other.releases());
      report(entry.name(), inside + " does not stand in " + releases.describe(missing));
    }
  }

  private void references(Field field, List<Field> earlier) {
    Set<String> needed = new HashSet<>();
    if (field.when() != null) {
      field.when().alternatives().forEach(all -> all.forEach(c -> comparison(field, c)));
      needed.addAll(field.when().properties());
    }
    if (field.type() instanceof WireType.Many many && many.expression() != null) {
      counted(field, many.expression());
      needed.addAll(many.expression().properties());
    }
    for (String name : needed) {
      ReleaseSet there =
          earlier.stream()
              .filter(other -> other.name().equals(name))
              .map(Field::releases)
              .reduce(new ReleaseSet(0), ReleaseSet::or);
      ReleaseSet missing = field.releases().minus(there);
      if (!missing.isEmpty()) {
        report(
            field.name(),
            "refers to \"" + name + "\", which is not before it in " + releases.describe(missing));
      }
    }
  }

  private void counted(Field field, Expression expression) {
    if (expression instanceof Expression.Property property) {
      number(field, property.name());
    } else if (expression instanceof Expression.Ones ones) {
      Property property = layout.property(ones.name());
      if (property != null && property.type() != ValueType.Plain.BITS) {
        report(field.name(), "\"" + ones.name() + "\" is not a bit string");
      }
    } else if (expression instanceof Expression.Binary binary) {
      counted(field, binary.left());
      counted(field, binary.right());
    }
  }

  private void number(Field field, String name) {
    Property property = layout.property(name);
    boolean integer =
        property != null
            && property.entries().stream()
                .allMatch(e -> e.type() instanceof Scalar scalar && scalar.isInteger());
    if (property != null && !integer) {
      report(field.name(), "\"" + name + "\" is not a number");
    }
  }

  private void comparison(Field field, Condition.Comparison comparison) {
    Property property = layout.property(comparison.property());
    if (property == null) {
      return; // told as a reference to what is not there
    }
    if (comparison.operand() instanceof Condition.Null) {
      boolean equality =
          comparison.operator() == Condition.Operator.EQUAL
              || comparison.operator() == Condition.Operator.NOT_EQUAL;
      if (!property.nullable() || !equality) {
        report(field.name(), "\"" + property.name() + "\" cannot be compared with null");
      }
      return;
    }
    boolean decimal = property.type() == ValueType.Plain.DOUBLE;
    if (!decimal || comparison.operator() == Condition.Operator.HAS) {
      number(field, comparison.property());
    }
    if (comparison.operand() instanceof Condition.Property other) {
      number(field, other.name());
    }
  }
}
