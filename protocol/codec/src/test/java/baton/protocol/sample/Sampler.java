package baton.protocol.sample;

import baton.protocol.type.BitString;
import baton.protocol.type.Bytes;
import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Draws the parts of a sample; generated sample code calls it. The same seed draws the same. */
public final class Sampler {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789_-=,[]/ .é日";

  private final Random random;

  public Sampler(long seed) {
    this.random = new Random(seed);
  }

  public boolean bool() {
    return random.nextBoolean();
  }

  /** A number of items: few. */
  public int count() {
    return random.nextInt(4);
  }

  /** 0 to {@code max}, often small or at the end; half the time one of {@code asked} if any. */
  public long number(long max, boolean signed, long... asked) {
    if (asked.length > 0 && random.nextBoolean()) {
      return asked[random.nextInt(asked.length)];
    }
    long value =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(8);
          case 1 -> max - random.nextInt(2);
          default -> max == Long.MAX_VALUE ? random.nextLong() >>> 1 : random.nextLong(max + 1);
        };
    return signed && random.nextBoolean() ? -Math.min(value, max) : Math.min(value, max);
  }

  /** A value that its class accepts: tries some at random, then the small ones. */
  public <T> T typed(long max, LongFunction<T> of) {
    for (int attempt = 0; attempt < 300; attempt++) {
      long value = attempt < 8 ? number(max, false) : attempt - 8L;
      try {
        return of.apply(Math.min(value, max));
      } catch (IllegalArgumentException e) {
        // Not one of its values: try the next.
      }
    }
    throw new IllegalStateException("found no number that the class accepts");
  }

  /** As {@link #typed}, or null. */
  public <T> T typedText(int max, Function<String, T> of) {
    String text = text(max);
    try {
      return text == null ? null : of.apply(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Null, or a string that with its NUL fits {@code max} bytes. */
  public String text(int max) {
    if (random.nextInt(4) == 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(Math.max(1, Math.min(12, max / 3)));
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** A long double as Slurm prints it. */
  public String decimalText() {
    return random.nextInt(1_000_000) + ".000000";
  }

  /** A fraction that survives Slurm's scaling exactly. */
  public double decimal() {
    return bool() ? 0 : random.nextInt(1000) / 64.0;
  }

  public Instant instant() {
    return bool() ? null : Instant.ofEpochSecond(1 + random.nextInt(2_000_000_000));
  }

  /** Null, or up to {@code max} bytes. */
  public Bytes bytes(int max) {
    if (bool()) {
      return null;
    }
    byte[] content = new byte[1 + random.nextInt(Math.min(20, max))];
    random.nextBytes(content);
    return Bytes.owning(content);
  }

  public BitString bits() {
    if (random.nextInt(4) == 0) {
      return null;
    }
    int size = 1 + random.nextInt(130);
    BitSet set = new BitSet();
    for (int i = 0; i < size; i++) {
      set.set(i, bool());
    }
    return BitString.of(size, set);
  }

  public Ints ints(long count, long max) {
    int[] items = new int[(int) Math.max(0, count)];
    for (int i = 0; i < items.length; i++) {
      items[i] = (int) number(max, false);
    }
    return Ints.owning(items);
  }

  public Longs longs(long count, long max) {
    long[] items = new long[(int) Math.max(0, count)];
    for (int i = 0; i < items.length; i++) {
      items[i] = number(max, false);
    }
    return Longs.owning(items);
  }

  public <T> List<T> items(long count, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }

  /** Draws until there is one. */
  public <T> T present(Supplier<T> item) {
    while (true) {
      T drawn = item.get();
      if (drawn != null) {
        return drawn;
      }
    }
  }
}
