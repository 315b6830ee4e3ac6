package baton.protocol.schema;

import baton.protocol.schema.WireType.Scalar;

/** How Java holds a property. */
public sealed interface ValueType {

  /** Types without parameters. */
  enum Plain implements ValueType {
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    STRING,
    BYTES,
    BITS,
    INTS,
    LONGS,
    INSTANT
  }

  /** The value of another layout. */
  record Nested(String layout, boolean nullable) implements ValueType {}

  /** A list. */
  record Items(ValueType item, boolean nullableItems) implements ValueType {}

  /**
   * A class that wraps a number or a string.
   *
   * @param text whether it wraps a string; it is nullable then
   */
  record Wrapped(String className, boolean text) implements ValueType {}

  /** The type for one entry. Fails with IllegalArgumentException where {@code as} does not fit. */
  static ValueType of(WireType type, String as) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar, as);
    }
    if (type instanceof WireType.Text) {
      return as == null ? Plain.STRING : new Wrapped(as, true);
    }
    if (type instanceof WireType.Many many) {
      return items(many, as);
    }
    if (as != null) {
      throw new IllegalArgumentException("\"as\" does not fit type " + type.text());
    }
    if (type instanceof WireType.Block) {
      return Plain.BYTES;
    }
    if (type instanceof WireType.Bits) {
      return Plain.BITS;
    }
    return new Nested(type.layoutInside(), type instanceof WireType.Sized);
  }

  private static ValueType scalar(Scalar scalar, String as) {
    if (as != null) {
      if (!scalar.isInteger() || scalar == Scalar.BOOL) {
        throw new IllegalArgumentException("\"as\" does not fit type " + scalar.text());
      }
      return as.equals("Instant") ? Plain.INSTANT : new Wrapped(as, false);
    }
    if (scalar == Scalar.BOOL) {
      return Plain.BOOLEAN;
    }
    if (!scalar.isInteger()) {
      return Plain.DOUBLE;
    }
    return scalar.isInt() ? Plain.INT : Plain.LONG;
  }

  private static ValueType items(WireType.Many many, String as) {
    ValueType item = of(many.item(), as);
    if (item == Plain.INT) {
      return Plain.INTS;
    }
    if (item == Plain.LONG) {
      return Plain.LONGS;
    }
    return new Items(item, many.nullableItems() || item == Plain.INSTANT);
  }

  /** The type that holds both. Fails with IllegalArgumentException if there is none. */
  default ValueType widen(ValueType other) {
    if (equals(other)) {
      return this;
    }
    if (isInteger() && other.isInteger()) {
      return this == Plain.LONG || other == Plain.LONG ? Plain.LONG : Plain.INT;
    }
    if ((this == Plain.INTS || this == Plain.LONGS)
        && (other == Plain.INTS || other == Plain.LONGS)) {
      return Plain.LONGS;
    }
    if (this instanceof Nested one && other instanceof Nested two) {
      if (one.layout().equals(two.layout())) {
        return new Nested(one.layout(), true);
      }
    }
    if (this instanceof Items one && other instanceof Items two) {
      return new Items(one.item().widen(two.item()), one.nullableItems() || two.nullableItems());
    }
    throw new IllegalArgumentException("types that Java cannot hold in one property");
  }

  /** Whether it is a bare number without fraction, or a boolean. */
  default boolean isInteger() {
    return this == Plain.BOOLEAN || this == Plain.INT || this == Plain.LONG;
  }
}
