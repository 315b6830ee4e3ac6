package baton.protocol.type;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * An immutable row of bits of a fixed size, as Slurm uses for nodes, cores and array task ids. On
 * the wire it stands as a size and a mask in hexadecimal, highest bit first.
 */
public final class BitString {

  public static final BitString EMPTY = new BitString(0, new long[0]);

  private final int size;
  private final long[] words;

  private BitString(int size, long[] words) {
    this.size = size;
    this.words = words;
  }

  /**
   * The bits of {@code set} below {@code size}; fails with IllegalArgumentException when a bit at
   * or above {@code size} is set, or when {@code size} is negative.
   */
  public static BitString of(int size, BitSet set) {
    if (size < 0 || set.length() > size) {
      throw new IllegalArgumentException("bit " + (set.length() - 1) + " of " + size);
    }
    return new BitString(size, Arrays.copyOf(set.toLongArray(), wordsFor(size)));
  }

  /** All of {@code size} bits clear but the ones named. */
  public static BitString ofIndices(int size, int... indices) {
    BitSet set = new BitSet(size);
    for (int index : indices) {
      set.set(index);
    }
    return of(size, set);
  }

  /**
   * Reads a mask: optional {@code 0x}, then hexadecimal digits of either case, highest first;
   * leading zeros may be missing or in excess. Fails with IllegalArgumentException on any other
   * character, on a set bit at or above {@code size}, and on a negative size.
   */
  public static BitString parseHex(int size, String mask) {
    int start = mask.startsWith("0x") || mask.startsWith("0X") ? 2 : 0;
    // Checked before anything of this size is allocated: a mask is never shorter than its bits.
    if (size < 0 || (size + 3L) / 4 > mask.length() - start + 16L) {
      throw new IllegalArgumentException("mask of " + mask.length() + " characters for " + size);
    }
    long[] words = new long[wordsFor(size)];
    for (int digit = 0; digit < mask.length() - start; digit++) {
      int value = Character.digit(mask.charAt(mask.length() - 1 - digit), 16);
      if (value < 0) {
        throw new IllegalArgumentException("not a hexadecimal mask");
      }
      if (value != 0) {
        long highest = 4L * digit + 31 - Integer.numberOfLeadingZeros(value);
        if (highest >= size) {
          throw new IllegalArgumentException("bit " + highest + " of " + size);
        }
        words[digit / 16] |= (long) value << (4 * (digit % 16));
      }
    }
    return new BitString(size, words);
  }

  /**
   * {@code 0x} and as many digits as the size needs, upper case, highest first; {@code 0x0} if
   * empty.
   */
  public String toHex() {
    int digits = Math.max(1, (int) ((size + 3L) / 4));
    StringBuilder text = new StringBuilder(digits + 2).append("0x");
    for (int digit = digits - 1; digit >= 0; digit--) {
      int value = size == 0 ? 0 : (int) (words[digit / 16] >>> (4 * (digit % 16))) & 0xf;
      text.append("0123456789ABCDEF".charAt(value));
    }
    return text.toString();
  }

  public int size() {
    return size;
  }

  /** Fails with IndexOutOfBoundsException outside 0 to size - 1. */
  public boolean get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("bit " + index + " of " + size);
    }
    return (words[index / 64] >>> index & 1) != 0;
  }

  public int cardinality() {
    int sum = 0;
    for (long word : words) {
      sum += Long.bitCount(word);
    }
    return sum;
  }

  /** The set bits, ascending. */
  public IntStream indices() {
    return toBitSet().stream();
  }

  public BitSet toBitSet() {
    return BitSet.valueOf(words);
  }

  private static int wordsFor(int size) {
    return (int) ((size + 63L) / 64);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BitString that && size == that.size && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return 31 * size + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return toHex() + "/" + size;
  }
}
