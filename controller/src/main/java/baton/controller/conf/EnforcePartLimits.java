package baton.controller.conf;

import java.util.Locale;
import java.util.Optional;

/** EnforcePartLimits: of which of its partitions a job must keep the limits; u16 on the wire. */
public enum EnforcePartLimits {
  NO(0),
  ALL(1),
  ANY(2);

  private final int code;

  EnforcePartLimits(int code) {
    this.code = code;
  }

  /** As on the wire. */
  public int code() {
    return code;
  }

  static Optional<EnforcePartLimits> parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "up", "true", "1", "any" -> Optional.of(ANY);
      case "no", "down", "false", "0" -> Optional.of(NO);
      case "all" -> Optional.of(ALL);
      default -> Optional.empty();
    };
  }
}
