package baton.controller.rpc;

import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What one controller passes on to the one that leads when it is asked for sdiag's counters: format
 * (u8), release (u16), user (u32), command (u16).
 *
 * @param release what the client speaks, and what the answer is encoded in
 * @param uid whom the client's credential proves
 * @param command what the client asks for
 */
record StatisticsQuestion(Release release, Uid uid, int command) {
  private static final byte FORMAT = 1;
  private static final int BYTES = 1 + 2 + 4 + 2;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(FORMAT)
        .putShort((short) release.protocolVersion())
        .putInt((int) uid.value())
        .putShort((short) command)
        .array();
  }

  /** Throws IllegalArgumentException when it is none, or in a newer format. */
  static StatisticsQuestion decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte format = in.get();
      if (format != FORMAT) {
        throw new IllegalArgumentException("a question of format " + format);
      }
      int version = Short.toUnsignedInt(in.getShort());
      Release release =
          Release.of(version)
              .orElseThrow(() -> new IllegalArgumentException("protocol version " + version));
      return new StatisticsQuestion(
          release, Uid.of(Integer.toUnsignedLong(in.getInt())), Short.toUnsignedInt(in.getShort()));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a question of " + bytes.length + " bytes", e);
    }
  }
}
