package baton.protocol.auth;

import baton.protocol.type.Bytes;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * libmunge's context: one for encoding and one for decoding, since decoding overwrites the options.
 *
 * <p>Not thread-safe, as munge_ctx is not; each thread of the pool has its own. Calls block on
 * munged.
 */
final class MungeContext implements AutoCloseable {
  private final LibMunge library;
  private final Pointer encoder;
  private final Pointer decoder;

  /**
   * @param socket path of munged's socket; empty for the default of the library
   * @param ttlSeconds life of credentials; 0 for munged's default
   */
  MungeContext(LibMunge library, Optional<String> socket, int ttlSeconds) {
    this.library = library;
    this.encoder = create(library, socket);
    this.decoder = create(library, socket);
    if (ttlSeconds > 0) {
      set(encoder, LibMunge.OPTION_TTL, ttlSeconds);
    }
  }

  private static Pointer create(LibMunge library, Optional<String> socket) {
    Pointer context = library.munge_ctx_create();
    if (context == null) {
      throw new OutOfMemoryError("munge_ctx_create");
    }
    socket.ifPresent(path -> library.munge_ctx_set(context, LibMunge.OPTION_SOCKET, path));
    return context;
  }

  /** Seals the payload; {@code restrictToUid} is an unsigned 32 bit value or ANYONE. */
  MungeEncoded encode(Bytes payload, long restrictToUid) {
    set(encoder, LibMunge.OPTION_UID_RESTRICTION, (int) restrictToUid);
    PointerByReference credential = new PointerByReference();
    MungeStatus status =
        MungeStatus.of(
            library.munge_encode(credential, encoder, payload.toByteArray(), payload.length()));
    Pointer text = credential.getValue();
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
    PointerByReference payload = new PointerByReference();
    IntByReference length = new IntByReference();
    IntByReference uid = new IntByReference(-1);
    IntByReference gid = new IntByReference(-1);
    byte[] text = Native.toByteArray(credential, StandardCharsets.US_ASCII);
    MungeStatus status =
        MungeStatus.of(library.munge_decode(text, decoder, payload, length, uid, gid));
    Pointer bytes = payload.getValue();
    try {
      return new MungeDecoded(
          status,
          bytes == null ? Bytes.EMPTY : Bytes.owning(bytes.getByteArray(0, length.getValue())),
          Integer.toUnsignedLong(uid.getValue()),
          Integer.toUnsignedLong(gid.getValue()),
          encodeTime(),
          intOption(LibMunge.OPTION_ADDRESS, 0),
          Integer.toUnsignedLong(intOption(LibMunge.OPTION_UID_RESTRICTION, -1)),
          status == MungeStatus.SUCCESS ? "" : describe(decoder, status));
    } finally {
      free(bytes);
    }
  }

  private long encodeTime() {
    NativeLongByReference time = new NativeLongByReference();
    int code = library.munge_ctx_get(decoder, LibMunge.OPTION_ENCODE_TIME, time);
    return code == 0 ? time.getValue().longValue() : 0;
  }

  private int intOption(int option, int absent) {
    IntByReference value = new IntByReference(absent);
    int code = library.munge_ctx_get(decoder, option, value);
    return code == 0 ? value.getValue() : absent;
  }

  private void set(Pointer context, int option, int value) {
    int code = library.munge_ctx_set(context, option, value);
    if (code != 0) {
      throw new IllegalStateException("munge option " + option + ": " + MungeStatus.of(code));
    }
  }

  private String describe(Pointer context, MungeStatus status) {
    String sentence = library.munge_ctx_strerror(context);
    return sentence == null ? status.toString() : sentence;
  }

  private static void free(Pointer memory) {
    if (memory != null) {
      Native.free(Pointer.nativeValue(memory));
    }
  }

  @Override
  public void close() {
    library.munge_ctx_destroy(encoder);
    library.munge_ctx_destroy(decoder);
  }
}
