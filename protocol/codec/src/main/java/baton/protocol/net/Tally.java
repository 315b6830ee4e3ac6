package baton.protocol.net;

import java.util.concurrent.ConcurrentHashMap;

/** Counts what each key holds and refuses beyond a bound; forgets keys that hold nothing. */
final class Tally<K> {
  private final int limit;
  private final ConcurrentHashMap<K, Integer> held = new ConcurrentHashMap<>();

  Tally(int limit) {
    this.limit = limit;
  }

  boolean tryTake(K key) {
    boolean[] taken = new boolean[1];
    held.compute(
        key,
        (same, count) -> {
          int now = count == null ? 0 : count;
          taken[0] = now < limit;
          return taken[0] ? Integer.valueOf(now + 1) : count;
        });
    return taken[0];
  }

  void giveBack(K key) {
    held.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null);
  }
}
