package baton.protocol.buffer;

import baton.protocol.type.BitString;
import baton.protocol.type.Bytes;
import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import io.netty.buffer.ByteBuf;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Reads Slurm's primitives from the readable bytes of a buffer, big-endian, and advances its reader
 * index. Every read is told the name of the field, for the error message alone.
 *
 * <p>Fails with {@link WireException} and nothing else. Lengths and counts are checked against the
 * bytes present before anything is allocated; what the decoded values occupy is held below {@link
 * WireLimits#HEAP_BYTES_PER_WIRE_BYTE} for each byte by {@link #charge}.
 *
 * <p>Neither retains nor releases the buffer. For one thread at a time.
 */
public final class WireReader {

  private static final double SCALE = 1_000_000.0;
  private static final float FLOAT_SCALE = 1_000_000f;

  private final ByteBuf in;
  private final int start;
  private int end;
  private long heapBudget;

  public WireReader(ByteBuf in) {
    this.in = in;
    this.start = in.readerIndex();
    this.end = in.writerIndex();
    this.heapBudget =
        WireLimits.BASE_HEAP_BYTES + WireLimits.HEAP_BYTES_PER_WIRE_BYTE * (end - start);
  }

  /** Bytes not read yet. */
  public int remaining() {
    return end - in.readerIndex();
  }

  /** Bytes read so far. */
  public int offset() {
    return in.readerIndex() - start;
  }

  /** Fails unless all has been read. */
  public void expectEnd(String layout) {
    if (remaining() != 0) {
      throw error("end", remaining() + " bytes too many").in(layout);
    }
  }

  /** The error of a field that begins here. */
  public WireException error(String field, String what) {
    return new WireException("", field, offset(), what);
  }

  /** Accounts for {@code heapBytes} about to be allocated; fails when the bound is passed. */
  public void charge(String field, long heapBytes) {
    heapBudget -= heapBytes;
    if (heapBudget < 0) {
      throw error(field, "its decoded form takes more memory than the message justifies");
    }
  }

  /** What decoding may still allocate, in bytes. */
  public long heapBudget() {
    return heapBudget;
  }

  private void need(String field, int bytes) {
    if (remaining() < bytes) {
      throw error(field, "needs " + bytes + " bytes, " + remaining() + " left");
    }
  }

  public int u8(String field) {
    need(field, 1);
    return in.readUnsignedByte();
  }

  public int u16(String field) {
    need(field, 2);
    return in.readUnsignedShort();
  }

  public long u32(String field) {
    need(field, 4);
    return in.readUnsignedInt();
  }

  public int i32(String field) {
    need(field, 4);
    return in.readInt();
  }

  /** Eight bytes; those of a u64 as its bits. */
  public long i64(String field) {
    need(field, 8);
    return in.readLong();
  }

  /** A u8; as in Slurm, anything but 0 is true. */
  public boolean bool(String field) {
    return u8(field) != 0;
  }

  /** A value times 1,000,000, as the bits of an IEEE-754 double. */
  public double decimal(String field) {
    return Double.longBitsToDouble(i64(field)) / SCALE;
  }

  /** A value times 1,000,000, as the bits of an IEEE-754 float. */
  public double decimal32(String field) {
    return Float.intBitsToFloat(i32(field)) / FLOAT_SCALE;
  }

  /** Null when the length is 0; {@code maxBytes} counts the NUL. */
  public String string(String field, int maxBytes) {
    int length = length(field, maxBytes);
    if (length == 0) {
      return null;
    }
    int at = in.readerIndex();
    if (in.getByte(at + length - 1) != 0) {
      throw error(field, "string without a NUL at its end");
    }
    String text;
    if (in.hasArray()) {
      text = WireText.decode(in.array(), in.arrayOffset() + at, length - 1);
    } else {
      byte[] copy = new byte[length - 1];
      in.getBytes(at, copy);
      text = WireText.decode(copy, 0, length - 1);
    }
    in.readerIndex(at + length);
    return text;
  }

  /** As {@link #string(String, int)} with Slurm's own limit. */
  public String string(String field) {
    return string(field, WireLimits.MAX_STRING_BYTES);
  }

  /** Null when the length is 0. */
  public Bytes bytes(String field, int maxBytes) {
    int length = length(field, maxBytes);
    if (length == 0) {
      return null;
    }
    byte[] content = new byte[length];
    in.readBytes(content);
    return Bytes.owning(content);
  }

  private int length(String field, int maxBytes) {
    long length = u32(field);
    if (length > maxBytes) {
      throw error(field, "length " + length + " exceeds " + maxBytes);
    }
    if (length > remaining()) {
      throw error(field, "length " + length + ", " + remaining() + " bytes left");
    }
    return (int) length;
  }

  /** Null when the size is NO_VAL. */
  public BitString bitString(String field) {
    long size = u32(field);
    if (size == NoVal.NO_VAL) {
      return null;
    }
    if (size > WireLimits.MAX_BITS) {
      throw error(field, size + " bits exceed " + WireLimits.MAX_BITS);
    }
    String mask = string(field, WireLimits.MAX_BITS);
    try {
      return BitString.parseHex((int) size, mask == null ? "" : mask);
    } catch (IllegalArgumentException e) {
      throw error(field, "bit string: " + e.getMessage());
    }
  }

  /** A u32 count of items of at least {@code minItemBytes} each. */
  public int count32(String field, int max, int minItemBytes) {
    return count(field, u32(field), max, minItemBytes);
  }

  /** A u16 count of items of at least {@code minItemBytes} each. */
  public int count16(String field, int max, int minItemBytes) {
    return count(field, u16(field), max, minItemBytes);
  }

  /** A u32 count, or -1 for NO_VAL (no list). */
  public int countOrNull(String field, int max, int minItemBytes) {
    long count = u32(field);
    return count == NoVal.NO_VAL ? -1 : count(field, count, max, minItemBytes);
  }

  /** Whether {@code mark}, a u16, opens another item; 0 ends the list, and all else is an error. */
  public boolean marked(String field, int mark) {
    int found = u16(field);
    if (found != 0 && found != mark) {
      throw error(field, "0x" + Integer.toHexString(found) + " where an item or the end belongs");
    }
    if (found != 0) {
      charge(field, 8);
    }
    return found != 0;
  }

  /** Checks a count that was read before; a negative one (from a difference) means no items. */
  public int count(String field, long count, int max, int minItemBytes) {
    if (count <= 0) {
      return 0;
    }
    if (count > max) {
      throw error(field, count + " items exceed " + max);
    }
    if (count * Math.max(1, minItemBytes) > remaining()) {
      throw error(field, count + " items cannot stand in " + remaining() + " bytes");
    }
    charge(field, 8L * count + 48);
    return (int) count;
  }

  /** Items of one byte each. */
  public Ints ints8(String field, int count) {
    int[] items = new int[count];
    for (int i = 0; i < count; i++) {
      items[i] = u8(field);
    }
    return Ints.owning(items);
  }

  public Ints ints16(String field, int count) {
    int[] items = new int[count];
    for (int i = 0; i < count; i++) {
      items[i] = u16(field);
    }
    return Ints.owning(items);
  }

  public Ints ints32(String field, int count) {
    int[] items = new int[count];
    for (int i = 0; i < count; i++) {
      items[i] = i32(field);
    }
    return Ints.owning(items);
  }

  public Longs longs8(String field, int count) {
    long[] items = new long[count];
    for (int i = 0; i < count; i++) {
      items[i] = u8(field);
    }
    return Longs.owning(items);
  }

  public Longs longs16(String field, int count) {
    long[] items = new long[count];
    for (int i = 0; i < count; i++) {
      items[i] = u16(field);
    }
    return Longs.owning(items);
  }

  public Longs longs32(String field, int count) {
    long[] items = new long[count];
    for (int i = 0; i < count; i++) {
      items[i] = u32(field);
    }
    return Longs.owning(items);
  }

  public Longs longsI32(String field, int count) {
    long[] items = new long[count];
    for (int i = 0; i < count; i++) {
      items[i] = i32(field);
    }
    return Longs.owning(items);
  }

  public Longs longs64(String field, int count) {
    long[] items = new long[count];
    for (int i = 0; i < count; i++) {
      items[i] = i64(field);
    }
    return Longs.owning(items);
  }

  /** Wraps what was read into its value class, which may refuse it (IllegalArgumentException). */
  public <T> T typed(String field, long value, LongFunction<T> of) {
    try {
      return of.apply(value);
    } catch (IllegalArgumentException e) {
      throw error(field, String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #typed}; null stays null. */
  public <T> T typedText(String field, String value, Function<String, T> of) {
    try {
      return value == null ? null : of.apply(value);
    } catch (IllegalArgumentException e) {
      throw error(field, String.valueOf(e.getMessage()));
    }
  }

  /** Refuses null where an item must be there. */
  public <T> T present(String field, T item) {
    if (item == null) {
      throw error(field, "an item is missing");
    }
    return item;
  }

  /** Null for 0 seconds since the epoch. */
  public Instant instant(String field, long epochSeconds) {
    try {
      return epochSeconds == 0 ? null : Instant.ofEpochSecond(epochSeconds);
    } catch (DateTimeException e) {
      throw error(field, epochSeconds + " is no time");
    }
  }

  /**
   * Enters a part that is preceded by its length: until {@link #leave}, nothing beyond it can be
   * read. Returns the mark to give back to {@code leave}, or -1 when the length is 0.
   */
  public int enter(String field, int maxBytes) {
    int length = length(field, maxBytes);
    if (length == 0) {
      return -1;
    }
    int outer = end;
    end = in.readerIndex() + length;
    return outer;
  }

  /** Leaves the part; fails unless all of it was read. */
  public void leave(String field, int mark) {
    if (remaining() != 0) {
      throw error(field, remaining() + " bytes too many in it");
    }
    end = mark;
  }

  /**
   * The u8 of a property that is wider elsewhere: its NO_VAL and INFINITE become the wider ones.
   */
  public long sentinel8(String field, long noVal) {
    int value = u8(field);
    return value >= NoVal.NO_VAL8 ? noVal + (value - NoVal.NO_VAL8) : value;
  }

  /** As {@link #sentinel8}, of a u16. */
  public long sentinel16(String field, long noVal) {
    int value = u16(field);
    return value >= NoVal.NO_VAL16 ? noVal + (value - NoVal.NO_VAL16) : value;
  }

  /** As {@link #sentinel8}, of a u32. */
  public long sentinel32(String field, long noVal) {
    long value = u32(field);
    return value >= NoVal.NO_VAL ? noVal + (value - NoVal.NO_VAL) : value;
  }
}
