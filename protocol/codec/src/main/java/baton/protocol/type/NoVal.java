package baton.protocol.type;

/**
 * Slurm's words for "not given" and "without limit", one of each for every width: all bits set but
 * the lowest, and all bits set. The values are as the Java type of that width holds them (u8 and
 * u16 in int, u32 in long, u64 as its bits).
 */
public final class NoVal {

  public static final int NO_VAL8 = 0xfe;
  public static final int NO_VAL16 = 0xfffe;
  public static final long NO_VAL = 0xfffffffeL;
  public static final long NO_VAL64 = 0xfffffffffffffffeL;

  public static final int INFINITE8 = 0xff;
  public static final int INFINITE16 = 0xffff;
  public static final long INFINITE = 0xffffffffL;
  public static final long INFINITE64 = 0xffffffffffffffffL;

  private NoVal() {}

  static void requireU32(long value, String type) {
    if (value < 0 || value > INFINITE) {
      throw new IllegalArgumentException(type + " " + value + " does not fit 32 bits");
    }
  }
}
