package baton.controller.sim;

import baton.controller.clock.TimeSource;
import java.time.Instant;

/** The clock of one machine: it began a little wrong, and runs a little wrong. */
final class MachineClock implements TimeSource {
  private static final long PARTS = 1_000_000;

  private final Timeline timeline;
  private final Instant start;
  private final long driftPerMillion;

  /**
   * @param start what it shows when the simulation begins
   * @param driftPerMillion how many microseconds it gains in a second
   */
  MachineClock(Timeline timeline, Instant start, long driftPerMillion) {
    this.timeline = timeline;
    this.start = start;
    this.driftPerMillion = driftPerMillion;
  }

  @Override
  public Instant now() {
    return start.plusNanos(monotonicNanos());
  }

  @Override
  public long monotonicNanos() {
    return timeline.now() + timeline.now() / PARTS * driftPerMillion;
  }
}
