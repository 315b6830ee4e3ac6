package baton.protocol.schema;

/** What stands on the wire for one entry of a layout. */
public sealed interface WireType {

  /** As in the schema, in one spelling. */
  String text();

  /** Numbers of fixed width. */
  enum Scalar implements WireType {
    BOOL("bool", 1),
    U8("u8", 1),
    U16("u16", 2),
    I32("i32", 4),
    U32("u32", 4),
    I64("i64", 8),
    U64("u64", 8),
    TIME("time", 8),
    FLOAT("float", 4),
    DOUBLE("double", 8);

    private final String text;
    private final int bytes;

    Scalar(String text, int bytes) {
      this.text = text;
      this.bytes = bytes;
    }

    @Override
    public String text() {
      return text;
    }

    /** Its width on the wire. */
    public int bytes() {
      return bytes;
    }

    public boolean isInteger() {
      return this != FLOAT && this != DOUBLE;
    }

    /** Whether Java holds it in an {@code int}. */
    public boolean isInt() {
      return this == U8 || this == U16 || this == I32;
    }

    /** The greatest value that an unsigned one holds; for the others that of their Java type. */
    public long max() {
      return switch (this) {
        case BOOL -> 1;
        case U8 -> 0xff;
        case U16 -> 0xffff;
        case I32 -> Integer.MAX_VALUE;
        case U32 -> 0xffffffffL;
        case I64, U64, TIME -> Long.MAX_VALUE;
        case FLOAT, DOUBLE -> 0;
      };
    }
  }

  /**
   * A string.
   *
   * @param decimal whether it is the text of a {@code long double}
   */
  record Text(int max, boolean decimal) implements WireType {
    @Override
    public String text() {
      return (decimal ? "longdouble" : "string") + limit(max);
    }
  }

  /** A counted block of bytes. */
  record Block(int max) implements WireType {
    @Override
    public String text() {
      return "bytes" + limit(max);
    }
  }

  /** A row of bits as size and mask. */
  record Bits() implements WireType {
    @Override
    public String text() {
      return "bitstring";
    }
  }

  /** Another layout, in place. */
  record Struct(String layout) implements WireType {
    @Override
    public String text() {
      return layout;
    }
  }

  /** Another layout after its length in bytes. */
  record Sized(String layout, int max) implements WireType {
    @Override
    public String text() {
      return "sized<" + layout + ">" + limit(max);
    }
  }

  /** Where the number of items comes from. */
  enum Count {
    ARRAY("array"),
    ARRAY16("array16"),
    LIST("list"),
    /** Each item behind a u16 that marks one, and a u16 0 at the end. */
    MARKED("marked"),
    EXPRESSION("");

    private final String text;

    Count(String text) {
      this.text = text;
    }
  }

  /**
   * Items of one type.
   *
   * @param nullableItems whether items may be null ({@code string?})
   * @param expression for {@link Count#EXPRESSION} alone, else null
   * @param max how many at most; for {@link Count#MARKED}, the mark
   */
  record Many(Count count, WireType item, boolean nullableItems, Expression expression, int max)
      implements WireType {
    @Override
    public String text() {
      String of = item.text() + (nullableItems ? "?" : "");
      if (count == Count.MARKED) {
        return count.text + "<" + of + ">(mark=" + max + ")";
      }
      return count == Count.EXPRESSION
          ? of + "[" + expression.text() + "]" + limit(max)
          : count.text + "<" + of + ">" + limit(max);
    }
  }

  /** No bound but Slurm's own. */
  int UNLIMITED = 1 << 30;

  private static String limit(int max) {
    return max == UNLIMITED ? "" : "(max=" + max + ")";
  }

  /** The layout that it contains, directly or as items; null if none. */
  default String layoutInside() {
    if (this instanceof Struct struct) {
      return struct.layout();
    }
    if (this instanceof Sized sized) {
      return sized.layout();
    }
    return this instanceof Many many ? many.item().layoutInside() : null;
  }
}
