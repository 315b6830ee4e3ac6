package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** The clocks of a machine that is suspended, set, or runs at another pace than the world. */
public final class TwoClocks implements TimeSource {
  private Instant wall = Instant.ofEpochSecond(1_700_000_000);
  private long nanos = 1;

  /** Lets time pass; this machine takes it for so much. */
  public void pass(Duration asItSeems) {
    wall = wall.plus(asItSeems);
    nanos += asItSeems.toNanos();
  }

  /** Lets time pass while the machine sleeps; only the time of day shows it. */
  public void suspend(Duration duration) {
    wall = wall.plus(duration);
  }

  /** Sets the time of day. */
  public void set(Duration forward) {
    wall = wall.plus(forward);
  }

  @Override
  public Instant now() {
    return wall;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }
}
