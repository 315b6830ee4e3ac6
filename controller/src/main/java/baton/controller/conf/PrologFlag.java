package baton.controller.conf;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Words of PrologFlags, each one bit on the wire. */
public enum PrologFlag {
  ALLOC("Alloc", 0x1),
  NO_HOLD("NoHold", 0x2),
  CONTAIN("Contain", 0x4),
  SERIAL("Serial", 0x8),
  X11("X11", 0x10),
  DEFER_BATCH("DeferBatch", 0x20),
  FORCE_REQUEUE_ON_FAIL("ForceRequeueOnFail", 0x40),
  RUN_IN_JOB("RunInJob", 0x80);

  private final String word;
  private final int bit;

  PrologFlag(String word, int bit) {
    this.word = word;
    this.bit = bit;
  }

  /** The u16 of the wire. */
  public static int bits(Set<PrologFlag> flags) {
    int bits = 0;
    for (PrologFlag flag : flags) {
      bits |= flag.bit;
    }
    return bits;
  }

  /** Reads the words with all that they imply; empty if one is unknown. */
  static Optional<EnumSet<PrologFlag>> parse(String text) {
    EnumSet<PrologFlag> flags = EnumSet.noneOf(PrologFlag.class);
    for (String word : Words.of(text)) {
      PrologFlag flag = ofWord(word);
      if (flag == null) {
        return Optional.empty();
      }
      flags.add(flag);
    }
    if (flags.contains(X11) || flags.contains(RUN_IN_JOB)) {
      flags.add(CONTAIN);
    }
    if (flags.contains(CONTAIN)
        || flags.contains(NO_HOLD)
        || flags.contains(FORCE_REQUEUE_ON_FAIL)) {
      flags.add(ALLOC);
    }
    return Optional.of(flags);
  }

  private static PrologFlag ofWord(String word) {
    for (PrologFlag flag : values()) {
      if (flag.word.equalsIgnoreCase(word)) {
        return flag;
      }
    }
    return null;
  }
}
