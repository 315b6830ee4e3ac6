package baton.protocol.type;

import java.util.Optional;

/**
 * A release of Slurm, which fixes the layout of what is spoken. Every peer is spoken to in its own.
 *
 * <p>The same list stands in {@code src/main/schema/releases.json}; a test holds the two together.
 */
public enum Release {
  V22_05("22.05", 38),
  V23_02("23.02", 39),
  V23_11("23.11", 40),
  V24_05("24.05", 41),
  V24_11("24.11", 42),
  V25_05("25.05", 43),
  V25_11("25.11", 44),
  V26_05("26.05", 45);

  private static final Release[] ALL = values();

  private final String label;
  private final int protocolVersion;

  Release(String label, int major) {
    this.label = label;
    this.protocolVersion = major << 8;
  }

  /** The release that has this number in its message headers; empty for all others. */
  public static Optional<Release> of(int protocolVersion) {
    int index = (protocolVersion >> 8) - (V22_05.protocolVersion >> 8);
    if ((protocolVersion & ~0xff00) != 0 || index < 0 || index >= ALL.length) {
      return Optional.empty();
    }
    return Optional.of(ALL[index]);
  }

  /** The release of this name, as {@code 22.05}. */
  public static Optional<Release> ofLabel(String label) {
    for (Release release : ALL) {
      if (release.label.equals(label)) {
        return Optional.of(release);
      }
    }
    return Optional.empty();
  }

  /** The u16 that opens a message header; the low byte is 0. */
  public int protocolVersion() {
    return protocolVersion;
  }

  /** As people write it: {@code 22.05}. */
  public String label() {
    return label;
  }

  public boolean atLeast(Release other) {
    return compareTo(other) >= 0;
  }

  @Override
  public String toString() {
    return label;
  }
}
