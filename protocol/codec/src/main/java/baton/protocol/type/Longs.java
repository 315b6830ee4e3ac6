package baton.protocol.type;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.LongStream;

/** An immutable sequence of {@code long}. */
public final class Longs {

  public static final Longs EMPTY = new Longs(new long[0]);

  private final long[] items;

  private Longs(long[] items) {
    this.items = items;
  }

  /** Copies the array. */
  public static Longs of(long... items) {
    return items.length == 0 ? EMPTY : new Longs(items.clone());
  }

  /** Takes the array over without a copy: the caller must not keep it. */
  public static Longs owning(long[] items) {
    return items.length == 0 ? EMPTY : new Longs(items);
  }

  public static Longs copyOf(Collection<Long> items) {
    return owning(items.stream().mapToLong(Long::longValue).toArray());
  }

  public int size() {
    return items.length;
  }

  public boolean isEmpty() {
    return items.length == 0;
  }

  /** Fails with ArrayIndexOutOfBoundsException outside 0 to size - 1. */
  public long get(int index) {
    return items[index];
  }

  public LongStream stream() {
    return Arrays.stream(items);
  }

  public long[] toArray() {
    return items.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Longs that && Arrays.equals(items, that.items);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(items);
  }

  @Override
  public String toString() {
    return Arrays.toString(items);
  }
}
