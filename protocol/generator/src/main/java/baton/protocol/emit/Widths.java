package baton.protocol.emit;

import baton.protocol.schema.WireType.Scalar;

/** What depends on the width of an integer. */
final class Widths {

  private Widths() {}

  /** NO_VAL of that many bytes, as Java holds it. */
  static long noVal(int bytes) {
    return switch (bytes) {
      case 1 -> 0xfeL;
      case 2 -> 0xfffeL;
      case 4 -> 0xfffffffeL;
      case 8 -> -2L;
      default -> throw new IllegalArgumentException("no integer of " + bytes + " bytes");
    };
  }

  /** The method of reader and writer for items of that width. */
  static String numbers(Scalar item, boolean ints) {
    return switch (item) {
      case U8 -> ints ? "ints8" : "longs8";
      case U16 -> ints ? "ints16" : "longs16";
      case I32 -> ints ? "ints32" : "longsI32";
      case U32 -> "longs32";
      case I64, U64, TIME -> "longs64";
      case BOOL, FLOAT, DOUBLE ->
          throw new IllegalArgumentException(item.text() + " is not an integer");
    };
  }
}
