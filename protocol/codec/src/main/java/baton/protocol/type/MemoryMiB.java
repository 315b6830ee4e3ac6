package baton.protocol.type;

/**
 * An amount of memory in MiB, as Slurm counts it everywhere. Slurm's per-CPU flag (the top bit of
 * the word) is not part of it: a field that may carry the flag stays a bare u64.
 *
 * @param value MiB, not negative
 */
public record MemoryMiB(long value) implements Comparable<MemoryMiB> {

  public static final MemoryMiB ZERO = new MemoryMiB(0);

  public MemoryMiB {
    if (value < 0) {
      throw new IllegalArgumentException("memory of " + Long.toUnsignedString(value) + " MiB");
    }
  }

  public static MemoryMiB of(long value) {
    return new MemoryMiB(value);
  }

  /** Fails with ArithmeticException when the sum exceeds 63 bits. */
  public MemoryMiB plus(MemoryMiB other) {
    return new MemoryMiB(Math.addExact(value, other.value));
  }

  @Override
  public int compareTo(MemoryMiB other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value + " MiB";
  }
}
