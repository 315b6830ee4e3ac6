package baton.controller.replication.peer;

import java.util.HexFormat;

/** Bytes as lower-case hexadecimal digits. */
final class Hex {
  private Hex() {}

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
