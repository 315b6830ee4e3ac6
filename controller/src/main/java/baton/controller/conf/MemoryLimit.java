package baton.controller.conf;

/**
 * An amount of memory for each node or for each CPU of a job.
 *
 * @param mebibytes as bits of a u64; 0 is no limit (or no default), all ones UNLIMITED
 * @param perCpu for each CPU instead of each node
 */
public record MemoryLimit(long mebibytes, boolean perCpu) {
  private static final long PER_CPU = 1L << 63;

  /** No limit. */
  public static final MemoryLimit NONE = new MemoryLimit(0, false);

  /** As on the wire: the top bit stands for {@code perCpu}. */
  public long bits() {
    return perCpu ? mebibytes | PER_CPU : mebibytes;
  }
}
