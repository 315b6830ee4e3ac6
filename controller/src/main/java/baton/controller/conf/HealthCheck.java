package baton.controller.conf;

import baton.protocol.type.Release;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * HealthCheckProgram and its kin.
 *
 * @param program what slurmd runs; null for none
 * @param interval how often; zero for never
 * @param nodes on which nodes
 */
public record HealthCheck(String program, Duration interval, Set<Word> nodes) {

  /** Words of HealthCheckNodeState. */
  public enum Word {
    IDLE,
    ALLOC,
    MIXED,
    NONDRAINED_IDLE,
    /** All of the states above, and all others. */
    ANY,
    /** Spread over the interval instead of all at once. */
    CYCLE,
    START_ONLY,
    REBOOT_ONLY
  }

  public HealthCheck {
    nodes = Set.copyOf(nodes);
  }

  /** Reads the words; unknown ones are passed over, as in Slurm. Without a state it is ANY. */
  static EnumSet<Word> parse(String text) {
    EnumSet<Word> words = EnumSet.noneOf(Word.class);
    for (String part : Words.of(text)) {
      for (Word word : Word.values()) {
        if (word.name().equals(part.toUpperCase(Locale.ROOT))) {
          words.add(word);
        }
      }
    }
    if (words.isEmpty() || words.equals(EnumSet.of(Word.CYCLE))) {
      words.add(Word.ANY);
    }
    return words;
  }

  /** HealthCheckNodeState as the u16 of that release. */
  public int bits(Release release) {
    boolean newer = release.atLeast(Release.V25_11);
    int bits = 0;
    for (Word word : nodes) {
      bits |=
          switch (word) {
            case IDLE -> 1;
            case ALLOC -> 2;
            case MIXED -> 4;
            case NONDRAINED_IDLE -> 8;
            case ANY -> newer ? 0xff : 0xf;
            case CYCLE -> newer ? 0x100 : 0x8000;
            case START_ONLY -> newer ? 0x200 : 0;
            case REBOOT_ONLY -> newer ? 0x400 : 0;
          };
    }
    return bits;
  }
}
