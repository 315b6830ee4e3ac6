package baton.protocol.auth;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The calls of libmunge.so.2 that we use, as munge.h declares them (ABI 2, munge 0.5). The first
 * use throws {@link UnsatisfiedLinkError} on a host without munge.
 *
 * <p>Mapped directly, since every message costs several of them. {@code munge_ctx_set} and {@code
 * munge_ctx_get} are declared with {@code ...} in C; on Linux a caller with fixed arguments passes
 * integers and pointers to such a function in the same registers.
 */
final class LibMunge {
  static final int OPTION_TTL = 4;
  static final int OPTION_ADDRESS = 5;
  static final int OPTION_ENCODE_TIME = 6;
  static final int OPTION_SOCKET = 8;
  static final int OPTION_UID_RESTRICTION = 9;

  static {
    Native.register(LibMunge.class, "libmunge.so.2");
  }

  private LibMunge() {}

  /** Loads the library, or throws {@link UnsatisfiedLinkError}. */
  static void load() {
    // by initializing this class
  }

  static native Pointer munge_ctx_create();

  static native void munge_ctx_destroy(Pointer context);

  static native String munge_ctx_strerror(Pointer context);

  static native int munge_ctx_set(Pointer context, int option, String value);

  static native int munge_ctx_set(Pointer context, int option, int value);

  static native int munge_ctx_get(Pointer context, int option, Pointer value);

  static native int munge_encode(Pointer credential, Pointer context, byte[] payload, int length);

  static native int munge_decode(
      byte[] credential,
      Pointer context,
      Pointer payload,
      Pointer length,
      Pointer uid,
      Pointer gid);
}
