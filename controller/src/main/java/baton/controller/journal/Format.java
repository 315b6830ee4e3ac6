package baton.controller.journal;

import java.util.Optional;

/**
 * The format that a log entry or a snapshot is written in; its number stands in front of each. A
 * member that does not know the number refuses by name. The same list stands in {@code
 * src/main/schema/releases.json}.
 */
public enum Format {
  V1(1);

  private final int number;

  Format(int number) {
    this.number = number;
  }

  /** The newest, which is what is written. */
  public static Format current() {
    return V1;
  }

  /** The format of a number; empty if this version of Baton does not know it. */
  public static Optional<Format> of(int number) {
    for (Format format : values()) {
      if (format.number == number) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  public int number() {
    return number;
  }

  public boolean atLeast(Format other) {
    return compareTo(other) >= 0;
  }
}
