package baton.controller.replication;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What a log entry holds, version 1, big-endian: u8 version, u8 kind, u8 encoding, u64 term, u64
 * proposer, u64 number; for encoding 1 a u32 with the length of the payload; then the payload,
 * plain (0) or as a zlib stream (1). Long payloads are compressed; for shorter ones the time would
 * be longer than that of writing them. The payload of a batch is commands one after the other, each
 * a u32 length and its bytes.
 *
 * <p>The term is the one that the entry is for: in the log of another term it is void (ADR 0023).
 */
final class LogFrame {

  static final int VERSION = 1;

  /** What the frame adds to a payload at most, zlib's overhead included. */
  static final int MAX_OVERHEAD_BYTES = 64 + Stamp.BYTES;

  private static final int HEAD_BYTES = 3 + Stamp.BYTES;
  private static final int COMPRESSED_FROM_BYTES = 16 << 10;
  private static final int PLAIN = 0;
  private static final int ZLIB = 1;

  /** The kinds of entries; the numbers are in logs on disk. */
  enum Kind {
    /** A command of the replicated state. */
    COMMAND(1),
    /** Every replica remembers its state at this entry (I4). */
    MARK(2),
    /** The leader's digest at an earlier mark; every replica compares its own. */
    VERIFY(3),
    /** Several commands, applied in their order; the state between two of them is nobody's. */
    BATCH(4);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    static Kind of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      throw new IllegalArgumentException("a log entry of kind " + number);
    }
  }

  /**
   * Who proposed an entry, and for which term.
   *
   * @param term the leader's term that it is for
   * @param proposer the process that proposed it: a number of its own, drawn when it started
   * @param number counts the entries of a proposer
   */
  record Stamp(long term, long proposer, long number) {
    static final int BYTES = 3 * Long.BYTES;
  }

  private final Kind kind;
  private final Stamp stamp;
  private final byte[] payload;

  /** Makes a frame around {@code payload}, which is not copied. */
  LogFrame(Kind kind, Stamp stamp, byte[] payload) {
    this.kind = kind;
    this.stamp = stamp;
    this.payload = payload;
  }

  /** Makes one payload of several commands, in their order. */
  static byte[] batch(List<byte[]> commands) {
    int bytes = 0;
    for (byte[] command : commands) {
      bytes += Integer.BYTES + command.length;
    }
    ByteBuffer payload = ByteBuffer.allocate(bytes);
    for (byte[] command : commands) {
      payload.putInt(command.length).put(command);
    }
    return payload.array();
  }

  /** Whether it counts in the log of {@code term}: it is void in that of another (ADR 0023). */
  boolean isFor(long term) {
    return stamp.term() == term;
  }

  /**
   * The commands of a frame that holds one or several.
   *
   * @throws IllegalArgumentException when it holds none, or is not what {@link #batch} made
   */
  List<byte[]> commands() {
    if (kind == Kind.COMMAND) {
      return List.of(payload);
    }
    if (kind != Kind.BATCH) {
      throw new IllegalArgumentException("a " + kind + " entry holds no commands");
    }
    List<byte[]> commands = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(payload);
    while (in.hasRemaining()) {
      int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("a batch with a command of " + length + " bytes");
      }
      byte[] command = new byte[length];
      in.get(command);
      commands.add(command);
    }
    return commands;
  }

  Kind kind() {
    return kind;
  }

  Stamp stamp() {
    return stamp;
  }

  /** Returns the payload itself, not to be changed. */
  byte[] payload() {
    return payload;
  }

  byte[] encode() {
    byte[] body = payload.length < COMPRESSED_FROM_BYTES ? payload : deflate(payload);
    boolean compressed = payload.length >= COMPRESSED_FROM_BYTES && body.length < payload.length;
    if (!compressed) {
      body = payload;
    }
    int head = HEAD_BYTES + (compressed ? Integer.BYTES : 0);
    ByteBuffer frame = ByteBuffer.allocate(head + body.length);
    frame.put((byte) VERSION).put((byte) kind.number).put((byte) (compressed ? ZLIB : PLAIN));
    frame.putLong(stamp.term()).putLong(stamp.proposer()).putLong(stamp.number());
    if (compressed) {
      frame.putInt(payload.length);
    }
    return frame.put(body).array();
  }

  /**
   * Reads a frame.
   *
   * @throws IllegalArgumentException when the bytes are not what {@link #encode} wrote
   */
  static LogFrame decode(ByteBuffer frame) {
    if (frame.remaining() < HEAD_BYTES) {
      throw new IllegalArgumentException("a log entry of " + frame.remaining() + " bytes");
    }
    int version = frame.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("a log entry of version " + version);
    }
    Kind kind = Kind.of(frame.get());
    int encoding = frame.get();
    Stamp stamp = new Stamp(frame.getLong(), frame.getLong(), frame.getLong());
    return switch (encoding) {
      case PLAIN -> {
        byte[] payload = new byte[frame.remaining()];
        frame.get(payload);
        yield new LogFrame(kind, stamp, payload);
      }
      case ZLIB -> new LogFrame(kind, stamp, inflate(frame));
      default -> throw new IllegalArgumentException("a log entry of encoding " + encoding);
    };
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(ByteBuffer frame) {
    int length = frame.remaining() < Integer.BYTES ? -1 : frame.getInt();
    if (length < 0 || length > ReplicationSettings.MAX_COMMAND_BYTES) {
      throw new IllegalArgumentException("a log entry with a payload of " + length + " bytes");
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(frame);
      byte[] payload = new byte[length];
      int filled = 0;
      while (filled < length) {
        int count = inflater.inflate(payload, filled, length - filled);
        if (count == 0) {
          throw new IllegalArgumentException("a log entry whose payload is cut short");
        }
        filled += count;
      }
      return payload;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a log entry whose payload does not inflate", e);
    } finally {
      inflater.end();
    }
  }
}
