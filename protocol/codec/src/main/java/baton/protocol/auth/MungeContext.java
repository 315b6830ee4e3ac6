package baton.protocol.auth;

import baton.protocol.type.Bytes;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * libmunge's context: one for encoding and one for decoding, since decoding overwrites the options.
 *
 * <p>Not thread-safe, as munge_ctx is not; each thread of the pool has its own. Calls block on
 * munged.
 */
final class MungeContext implements AutoCloseable {
  private static final int TEXT = 0;
  private static final int LENGTH = 8;
  private static final int UID = 12;
  private static final int GID = 16;
  private static final int VALUE = 24;
  private static final int RESULT_BYTES = 32;

  private final Pointer encoder;
  private final Pointer decoder;

  /** Where libmunge puts what it answers; used anew by each call. */
  private final Memory result = new Memory(RESULT_BYTES);

  private final Pointer textPointer = result.share(TEXT);
  private final Pointer lengthPointer = result.share(LENGTH);
  private final Pointer uidPointer = result.share(UID);
  private final Pointer gidPointer = result.share(GID);
  private final Pointer valuePointer = result.share(VALUE);

  /**
   * @param socket path of munged's socket; empty for the default of the library
   * @param ttlSeconds life of credentials; 0 for munged's default
   */
  MungeContext(Optional<String> socket, int ttlSeconds) {
    this.encoder = create(socket);
    this.decoder = create(socket);
    if (ttlSeconds > 0) {
      set(encoder, LibMunge.OPTION_TTL, ttlSeconds);
    }
  }

  private static Pointer create(Optional<String> socket) {
    Pointer context = LibMunge.munge_ctx_create();
    if (context == null) {
      throw new OutOfMemoryError("munge_ctx_create");
    }
    socket.ifPresent(path -> LibMunge.munge_ctx_set(context, LibMunge.OPTION_SOCKET, path));
    return context;
  }

  /** Seals the payload; {@code restrictToUid} is an unsigned 32 bit value or ANYONE. */
  MungeEncoded encode(Bytes payload, long restrictToUid) {
    set(encoder, LibMunge.OPTION_UID_RESTRICTION, (int) restrictToUid);
    result.clear();
    MungeStatus status =
        MungeStatus.of(
            LibMunge.munge_encode(textPointer, encoder, payload.toByteArray(), payload.length()));
    Pointer text = result.getPointer(TEXT);
    try {
      if (status != MungeStatus.SUCCESS || text == null) {
        return MungeEncoded.failed(status, describe(encoder, status));
      }
      return new MungeEncoded(status, text.getString(0, "US-ASCII"), "");
    } finally {
      free(text);
    }
  }

  /** Asks munged about a credential; what is not a credential is refused by libmunge itself. */
  MungeDecoded decode(String credential) {
    result.clear();
    result.setInt(UID, -1);
    result.setInt(GID, -1);
    byte[] text = Native.toByteArray(credential, StandardCharsets.US_ASCII);
    MungeStatus status =
        MungeStatus.of(
            LibMunge.munge_decode(
                text, decoder, textPointer, lengthPointer, uidPointer, gidPointer));
    Pointer bytes = result.getPointer(TEXT);
    try {
      return new MungeDecoded(
          status,
          bytes == null ? Bytes.EMPTY : Bytes.owning(bytes.getByteArray(0, result.getInt(LENGTH))),
          Integer.toUnsignedLong(result.getInt(UID)),
          Integer.toUnsignedLong(result.getInt(GID)),
          encodeTime(),
          intOption(LibMunge.OPTION_ADDRESS, 0),
          Integer.toUnsignedLong(intOption(LibMunge.OPTION_UID_RESTRICTION, -1)),
          status == MungeStatus.SUCCESS ? "" : describe(decoder, status));
    } finally {
      free(bytes);
    }
  }

  private long encodeTime() {
    int code = LibMunge.munge_ctx_get(decoder, LibMunge.OPTION_ENCODE_TIME, valuePointer);
    return code == 0 ? result.getNativeLong(VALUE).longValue() : 0;
  }

  private int intOption(int option, int absent) {
    int code = LibMunge.munge_ctx_get(decoder, option, valuePointer);
    return code == 0 ? result.getInt(VALUE) : absent;
  }

  private void set(Pointer context, int option, int value) {
    int code = LibMunge.munge_ctx_set(context, option, value);
    if (code != 0) {
      throw new IllegalStateException("munge option " + option + ": " + MungeStatus.of(code));
    }
  }

  private String describe(Pointer context, MungeStatus status) {
    String sentence = LibMunge.munge_ctx_strerror(context);
    return sentence == null ? status.toString() : sentence;
  }

  private static void free(Pointer memory) {
    if (memory != null) {
      Native.free(Pointer.nativeValue(memory));
    }
  }

  @Override
  public void close() {
    LibMunge.munge_ctx_destroy(encoder);
    LibMunge.munge_ctx_destroy(decoder);
    result.close();
  }
}
