package baton.protocol.type;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;

/** An immutable sequence of {@code int}. */
public final class Ints {

  public static final Ints EMPTY = new Ints(new int[0]);

  private final int[] items;

  private Ints(int[] items) {
    this.items = items;
  }

  /** Copies the array. */
  public static Ints of(int... items) {
    return items.length == 0 ? EMPTY : new Ints(items.clone());
  }

  /** Takes the array over without a copy: the caller must not keep it. */
  public static Ints owning(int[] items) {
    return items.length == 0 ? EMPTY : new Ints(items);
  }

  public static Ints copyOf(Collection<Integer> items) {
    return owning(items.stream().mapToInt(Integer::intValue).toArray());
  }

  public int size() {
    return items.length;
  }

  public boolean isEmpty() {
    return items.length == 0;
  }

  /** Fails with ArrayIndexOutOfBoundsException outside 0 to size - 1. */
  public int get(int index) {
    return items[index];
  }

  public IntStream stream() {
    return Arrays.stream(items);
  }

  public int[] toArray() {
    return items.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ints that && Arrays.equals(items, that.items);
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
