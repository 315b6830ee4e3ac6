package baton.controller.replication;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * For how long a proof of the lead counts (ADR 0035): it is as old as its question. Age goes by
 * whichever of the machine's two clocks has moved further, since one of them may stand still while
 * the machine does, and the other be set.
 *
 * <p>Thread-safe.
 */
public final class ProvenLead {
  /** How old a proof may be to act on it. */
  public static final Duration FRESH = Duration.ofMillis(200);

  private final LongSupplier nanos;
  private final InstantSource time;
  private Asked last;
  private long lastTerm = -1;

  /** The moment of a question. */
  public record Asked(long monotonicNanos, Instant wall) {}

  /**
   * @param nanos the clock that nobody sets
   * @param time the time of day
   */
  public ProvenLead(LongSupplier nanos, InstantSource time) {
    this.nanos = nanos;
    this.time = time;
  }

  /** To be called before the others are asked. */
  public Asked ask() {
    return new Asked(nanos.getAsLong(), time.instant());
  }

  /** A majority was in no later term. Proofs may come out of order: the latest question counts. */
  public synchronized void proven(long term, Asked asked) {
    boolean later =
        term > lastTerm
            || (term == lastTerm && asked.monotonicNanos() - last.monotonicNanos() >= 0);
    if (later) {
      last = asked;
      lastTerm = term;
    }
  }

  /** Whether it is proven that this member led in this term a moment ago. */
  public boolean isFresh(long term) {
    return age(term).compareTo(FRESH) <= 0;
  }

  /** Whether it is time to prove it anew, so that it stays proven. */
  boolean isAgeing(long term) {
    return age(term).compareTo(FRESH.dividedBy(2)) > 0;
  }

  private synchronized Duration age(long term) {
    if (term != lastTerm) {
      return Duration.ofSeconds(Long.MAX_VALUE);
    }
    Duration running = Duration.ofNanos(nanos.getAsLong() - last.monotonicNanos());
    Duration shown = Duration.between(last.wall(), time.instant());
    return running.compareTo(shown) > 0 ? running : shown;
  }
}
