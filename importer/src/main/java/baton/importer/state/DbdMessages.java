package baton.importer.state;

import baton.protocol.type.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code dbd.messages}: what slurmctld could not tell slurmdbd yet. Each record is its
 * length, its bytes and a fixed word, lengths and word in the byte order of the host (read and
 * written here as little-endian). The messages are kept as bytes, to be passed on.
 *
 * @param protocolVersion that the messages are packed in; 0 if there is none
 * @param messages each a u16 type and a body
 */
public record DbdMessages(int protocolVersion, List<Bytes> messages) {

  /** Its path below the StateSaveLocation. */
  public static final String FILE = "dbd.messages";

  private static final int MAGIC = 0xDEAD3219;
  private static final Pattern VERSION = Pattern.compile("VER(\\d{1,5})\0");

  public DbdMessages {
    messages = List.copyOf(messages);
  }

  /** Takes messages up to the first fault, which goes to {@code faults}. */
  public static DbdMessages parse(byte[] bytes, List<Fault> faults) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Bytes> records = new ArrayList<>();
    int version = 0;
    while (in.hasRemaining()) {
      int start = in.position();
      try {
        byte[] record = record(in);
        if (version != 0) {
          records.add(Bytes.of(record));
        } else {
          version = version(record);
        }
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        String reason = e.getMessage() == null ? "a record that is cut off" : e.getMessage();
        faults.add(new Fault(FILE, start, reason));
        break;
      }
    }
    return new DbdMessages(version, records);
  }

  private static byte[] record(ByteBuffer in) {
    int length = in.getInt();
    if (length < 2 || length > in.remaining() - Integer.BYTES) {
      throw new IllegalArgumentException(
          "a record of " + Integer.toUnsignedLong(length) + " bytes, " + in.remaining() + " left");
    }
    byte[] record = new byte[length];
    in.get(record);
    if (in.getInt() != MAGIC) {
      throw new IllegalArgumentException("a record that does not end with its fixed word");
    }
    return record;
  }

  /** The first record: a packed string. */
  private static int version(byte[] record) {
    String text = new String(record, StandardCharsets.ISO_8859_1);
    Matcher version = VERSION.matcher(text.length() < 4 ? "" : text.substring(4));
    if (!version.matches() || ByteBuffer.wrap(record).getInt() != record.length - 4) {
      throw new IllegalArgumentException("the first record does not tell the version");
    }
    int number = Integer.parseInt(version.group(1));
    if (number == 0) {
      throw new IllegalArgumentException("the messages are of version 0");
    }
    return number;
  }

  /** What stands in the file; empty if nothing is queued. */
  public byte[] bytes() {
    if (protocolVersion == 0) {
      return new byte[0];
    }
    byte[] text = ("VER" + protocolVersion + '\0').getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer first = ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text);
    int size = first.capacity() + 8;
    for (Bytes message : messages) {
      size = Math.addExact(size, message.length() + 8);
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    put(out, ByteBuffer.wrap(first.array()));
    messages.forEach(message -> put(out, message.asByteBuffer()));
    return out.array();
  }

  private static void put(ByteBuffer out, ByteBuffer record) {
    out.putInt(record.remaining()).put(record).putInt(MAGIC);
  }
}
