package baton.protocol.buffer;

/**
 * Slurm's own limits on what may be unpacked (src/common/pack.h, the same from 22.05 to 26.05), and
 * Baton's bound on what a decoded message may occupy.
 */
public final class WireLimits {

  /** A whole frame: header, credential and body. */
  public static final int MAX_MESSAGE_BYTES = 1 << 30;

  /** One string or block of bytes, with its NUL. */
  public static final int MAX_STRING_BYTES = 1 << 30;

  /** Items of one array or list. Slurm bounds string arrays by the same number. */
  public static final int MAX_ITEMS = 1 << 30;

  /** Bits of a bit string: more than any cluster has nodes, cores or array tasks. */
  public static final int MAX_BITS = 1 << 26;

  /**
   * What decoding may allocate: this much whatever the message, and {@link
   * #HEAP_BYTES_PER_WIRE_BYTE} for each byte of it. Real messages stay below a third of it.
   */
  public static final long BASE_HEAP_BYTES = 1 << 20;

  public static final long HEAP_BYTES_PER_WIRE_BYTE = 64;

  private WireLimits() {}
}
