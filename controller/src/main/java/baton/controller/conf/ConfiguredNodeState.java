package baton.controller.conf;

import java.util.Locale;
import java.util.Optional;

/** State= of a NodeName or DownNodes line. */
public enum ConfiguredNodeState {
  UNKNOWN,
  DOWN,
  IDLE,
  ALLOCATED,
  ERROR,
  MIXED,
  FUTURE,
  /** Idle, in the cloud, powered down. */
  CLOUD,
  /** Unknown and to be drained. */
  DRAIN,
  /** Idle and failing. */
  FAIL;

  /** Reads a name, case aside; of the last three the beginning decides, as in Slurm (DRAINED). */
  static Optional<ConfiguredNodeState> parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    for (ConfiguredNodeState state : values()) {
      boolean prefix = state.compareTo(CLOUD) >= 0;
      if (prefix ? upper.startsWith(state.name()) : upper.equals(state.name())) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
