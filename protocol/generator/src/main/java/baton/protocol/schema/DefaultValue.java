package baton.protocol.schema;

/** What a property is when nothing was said. */
public sealed interface DefaultValue {

  /** 0, false, null, or empty, as the type has it. */
  record Zero() implements DefaultValue {}

  /**
   * A number; true and false are 1 and 0.
   *
   * @param text as in the schema
   */
  record Numeric(long value, String text) implements DefaultValue {}

  /** A number with a fraction. */
  record Decimal(double value) implements DefaultValue {}

  /** A string. */
  record Text(String value) implements DefaultValue {}

  /** Whether both mean the same, if need be in different widths. */
  default boolean agrees(DefaultValue other) {
    if (this instanceof Numeric one && other instanceof Numeric two) {
      return one.value() == two.value() || family(one).equals(family(two));
    }
    return equals(other);
  }

  private static String family(Numeric number) {
    if (number.text().startsWith("NO_VAL")) {
      return "NO_VAL";
    }
    return number.text().startsWith("INFINITE") ? "INFINITE" : number.text();
  }
}
