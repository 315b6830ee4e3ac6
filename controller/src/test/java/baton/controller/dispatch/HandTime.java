package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that a test turns. */
final class HandTime implements TimeSource {
  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private long nanos = 1;

  void pass(Duration duration) {
    now = now.plusSeconds(duration.toSeconds());
    nanos += duration.toNanos();
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }
}
