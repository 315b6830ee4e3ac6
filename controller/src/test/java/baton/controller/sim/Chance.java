package baton.controller.sim;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A seeded source of decisions. Each concern has its own, split off by name: one more decision of
 * one concern does not shift those of the others.
 */
final class Chance {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final long seed;
  private final SplittableRandom random;

  Chance(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** The source of another concern; the same name gives the same source. */
  Chance of(String concern) {
    long mixed = seed;
    for (int i = 0; i < concern.length(); i++) {
      mixed = (mixed ^ concern.charAt(i)) * MIX;
      mixed ^= mixed >>> 29;
    }
    return new Chance(mixed);
  }

  /** True in so many of a thousand cases. */
  boolean perMille(int cases) {
    return random.nextInt(1000) < cases;
  }

  /** A number between two, both included. */
  long between(long low, long high) {
    return low + random.nextLong(high - low + 1);
  }

  int number(int low, int high) {
    return (int) between(low, high);
  }

  long bits() {
    return random.nextLong();
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
