package baton.protocol.feature;

/** An enum that a schema names in {@code as}. */
public enum Shade {
  DARK(0),
  LIGHT(40);

  private final long value;

  Shade(long value) {
    this.value = value;
  }

  /** Fails with IllegalArgumentException for other numbers. */
  public static Shade of(long value) {
    for (Shade shade : values()) {
      if (shade.value == value) {
        return shade;
      }
    }
    throw new IllegalArgumentException("no shade " + value);
  }

  public long value() {
    return value;
  }
}
