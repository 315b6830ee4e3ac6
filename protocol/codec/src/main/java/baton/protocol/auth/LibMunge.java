package baton.protocol.auth;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/** The calls of libmunge.so.2 that we use, as munge.h declares them (ABI 2, munge 0.5). */
interface LibMunge extends Library {
  int OPTION_TTL = 4;
  int OPTION_ADDRESS = 5;
  int OPTION_ENCODE_TIME = 6;
  int OPTION_SOCKET = 8;
  int OPTION_UID_RESTRICTION = 9;

  /** The library of this host, loaded once; the first use throws {@link UnsatisfiedLinkError}. */
  static LibMunge load() {
    return Loaded.LIBRARY;
  }

  Pointer munge_ctx_create();

  void munge_ctx_destroy(Pointer context);

  String munge_ctx_strerror(Pointer context);

  int munge_ctx_set(Pointer context, int option, Object... value);

  int munge_ctx_get(Pointer context, int option, Object... value);

  int munge_encode(PointerByReference credential, Pointer context, byte[] payload, int length);

  int munge_decode(
      byte[] credential,
      Pointer context,
      PointerByReference payload,
      IntByReference length,
      IntByReference uid,
      IntByReference gid);

  /** Loads on first use and not with this interface, so that hosts without munge can start. */
  final class Loaded {
    private static final LibMunge LIBRARY = Native.load("libmunge.so.2", LibMunge.class);

    private Loaded() {}
  }
}
