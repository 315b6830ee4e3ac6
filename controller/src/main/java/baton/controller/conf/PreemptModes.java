package baton.controller.conf;

import baton.protocol.type.NoVal;
import java.util.Locale;

/** PreemptMode= as bits of the wire. */
final class PreemptModes {
  static final int OFF = 0;
  static final int SUSPEND = 1;
  private static final int REQUEUE = 2;
  private static final int CANCEL = 8;
  private static final int PRIORITY = 0x2000;
  private static final int WITHIN = 0x4000;
  private static final int GANG = 0x8000;

  private PreemptModes() {}

  /** The bits, or {@link NoVal#NO_VAL16} if a word is unknown or words exclude each other. */
  static int parse(String text) {
    int bits = 0;
    int modes = 0;
    for (String word : Words.of(text)) {
      int bit =
          switch (word.toLowerCase(Locale.ROOT)) {
            case "gang" -> GANG;
            case "within" -> WITHIN;
            case "priority" -> PRIORITY;
            case "off", "cluster" -> OFF;
            case "cancel" -> CANCEL;
            case "requeue" -> REQUEUE;
            case "on", "suspend" -> SUSPEND;
            default -> -1;
          };
      if (bit < 0) {
        return NoVal.NO_VAL16;
      }
      modes += bit < PRIORITY ? 1 : 0;
      bits |= bit;
    }
    boolean excluded = (bits & GANG) != 0 && (bits & WITHIN) != 0;
    return modes > 1 || excluded ? NoVal.NO_VAL16 : bits;
  }

  /** Without the bits that only modify a mode. */
  static int mode(int bits) {
    return bits & ~(GANG | WITHIN | PRIORITY);
  }
}
