package baton.protocol.buffer;

import baton.protocol.type.BitString;
import baton.protocol.type.Bytes;
import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import io.netty.buffer.ByteBuf;
import java.time.Instant;

/**
 * Writes Slurm's primitives to a buffer, big-endian, which grows as needed. Every write is told the
 * name of the field, for the error message alone.
 *
 * <p>Fails with {@link WireException} when a value does not fit what the layout gives it; what was
 * written until then stays in the buffer. Neither retains nor releases it. For one thread at a
 * time.
 */
public final class WireWriter {

  private static final double SCALE = 1_000_000.0;
  private static final float FLOAT_SCALE = 1_000_000f;
  private static final byte[] EMPTY = new byte[0];

  private final ByteBuf out;
  private final int start;
  private byte[] scratch = EMPTY;

  public WireWriter(ByteBuf out) {
    this.out = out;
    this.start = out.writerIndex();
  }

  /** Bytes written so far. */
  public int offset() {
    return out.writerIndex() - start;
  }

  /** The error of a field that begins here. */
  public WireException error(String field, String what) {
    return new WireException("", field, offset(), what);
  }

  private void fits(String field, long value, long max) {
    if (value < 0 || value > max) {
      throw error(field, value + " does not fit 0 to " + max);
    }
  }

  public void u8(String field, long value) {
    fits(field, value, 0xff);
    out.writeByte((int) value);
  }

  public void u16(String field, long value) {
    fits(field, value, 0xffff);
    out.writeShort((int) value);
  }

  public void u32(String field, long value) {
    fits(field, value, 0xffffffffL);
    out.writeInt((int) value);
  }

  public void i32(String field, long value) {
    if (value != (int) value) {
      throw error(field, value + " does not fit 32 bits with sign");
    }
    out.writeInt((int) value);
  }

  /** Eight bytes; those of a u64 as its bits. */
  public void i64(String field, long value) {
    out.writeLong(value);
  }

  public void bool(String field, boolean value) {
    out.writeByte(value ? 1 : 0);
  }

  public void decimal(String field, double value) {
    out.writeLong(Double.doubleToRawLongBits(value * SCALE));
  }

  public void decimal32(String field, double value) {
    out.writeInt(Float.floatToRawIntBits((float) value * FLOAT_SCALE));
  }

  /** Null is written as length 0; {@code maxBytes} counts the NUL. */
  public void string(String field, String value, int maxBytes) {
    if (value == null) {
      out.writeInt(0);
      return;
    }
    int length = value.length();
    if (length >= maxBytes) {
      throw error(field, length + " characters do not fit " + maxBytes + " bytes");
    }
    if (out.hasArray() ? writeAsciiToArray(value) : writeAsciiByCopy(value)) {
      return;
    }
    byte[] encoded = WireText.encode(value);
    if (encoded.length >= maxBytes) {
      throw error(field, encoded.length + " bytes and a NUL do not fit " + maxBytes);
    }
    out.writeInt(encoded.length + 1);
    out.writeBytes(encoded);
    out.writeByte(0);
  }

  /** Writes a string of ASCII alone; writes nothing and says false if it is not. */
  private boolean writeAsciiToArray(String value) {
    int length = value.length();
    out.ensureWritable(length + 5);
    int at = out.writerIndex();
    if (WireText.encodeAscii(value, out.array(), out.arrayOffset() + at + 4) != length) {
      return false;
    }
    out.setInt(at, length + 1);
    out.setByte(at + 4 + length, 0);
    out.writerIndex(at + length + 5);
    return true;
  }

  /** As {@link #writeAsciiToArray}, for buffers outside the heap. */
  private boolean writeAsciiByCopy(String value) {
    int length = value.length();
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    if (WireText.encodeAscii(value, scratch, 0) != length) {
      return false;
    }
    out.writeInt(length + 1);
    out.writeBytes(scratch, 0, length);
    out.writeByte(0);
    return true;
  }

  /** As {@link #string(String, String, int)} with Slurm's own limit. */
  public void string(String field, String value) {
    string(field, value, WireLimits.MAX_STRING_BYTES);
  }

  /** Null is written as length 0, and read back as null; so is an empty value. */
  public void bytes(String field, Bytes value, int maxBytes) {
    int length = value == null ? 0 : value.length();
    if (length > maxBytes) {
      throw error(field, length + " bytes exceed " + maxBytes);
    }
    out.writeInt(length);
    if (length > 0) {
      out.writeBytes(value.asByteBuffer());
    }
  }

  /** Null is written as size NO_VAL. */
  public void bitString(String field, BitString value) {
    if (value == null) {
      out.writeInt((int) NoVal.NO_VAL);
      return;
    }
    if (value.size() > WireLimits.MAX_BITS) {
      throw error(field, value.size() + " bits exceed " + WireLimits.MAX_BITS);
    }
    out.writeInt(value.size());
    string(field, value.toHex());
  }

  public void count32(String field, int count, int max) {
    fits(field, count, max);
    out.writeInt(count);
  }

  public void count16(String field, int count, int max) {
    fits(field, count, Math.min(max, 0xffff));
    out.writeShort(count);
  }

  /** No list at all. */
  public void noList() {
    out.writeInt((int) NoVal.NO_VAL);
  }

  /** Checks that as many items are there as an earlier field says. */
  public void expectCount(String field, int size, long expected) {
    if (size != Math.max(0, expected)) {
      throw error(field, size + " items where earlier fields say " + expected);
    }
  }

  public void ints8(String field, Ints items) {
    for (int i = 0; i < items.size(); i++) {
      u8(field, items.get(i));
    }
  }

  public void ints16(String field, Ints items) {
    for (int i = 0; i < items.size(); i++) {
      u16(field, items.get(i));
    }
  }

  public void ints32(String field, Ints items) {
    for (int i = 0; i < items.size(); i++) {
      i32(field, items.get(i));
    }
  }

  public void longs8(String field, Longs items) {
    for (int i = 0; i < items.size(); i++) {
      u8(field, items.get(i));
    }
  }

  public void longs16(String field, Longs items) {
    for (int i = 0; i < items.size(); i++) {
      u16(field, items.get(i));
    }
  }

  public void longs32(String field, Longs items) {
    for (int i = 0; i < items.size(); i++) {
      u32(field, items.get(i));
    }
  }

  public void longsI32(String field, Longs items) {
    for (int i = 0; i < items.size(); i++) {
      i32(field, items.get(i));
    }
  }

  public void longs64(String field, Longs items) {
    for (int i = 0; i < items.size(); i++) {
      i64(field, items.get(i));
    }
  }

  /** Null is 0. */
  public long epochSeconds(Instant value) {
    return value == null ? 0 : value.getEpochSecond();
  }

  /** Leaves room for the u32 length of a part; returns the mark for {@link #leave}. */
  public int enter() {
    int mark = out.writerIndex();
    out.writeInt(0);
    return mark;
  }

  /** Stores the length of what was written since {@link #enter}. */
  public void leave(String field, int mark, int maxBytes) {
    int length = out.writerIndex() - mark - 4;
    fits(field, length, maxBytes);
    out.setInt(mark, length);
  }

  /**
   * What stands for {@code value} in a field of the width whose NO_VAL is {@code narrow}, when the
   * property is wider elsewhere and has NO_VAL {@code wide} there: NO_VAL and INFINITE are told in
   * the narrow form, all else as it is.
   */
  public long narrowed(long value, long wide, long narrow) {
    return value == wide || value == wide + 1 ? narrow + (value - wide) : value;
  }
}
