package baton.controller.clock;

import java.time.Instant;

/**
 * Where edges get the time from; pure packages get it as an argument. Thread-safe. A simulation
 * passes one that it turns by hand.
 */
public interface TimeSource {

  /**
   * Returns the time of day. It may jump, in either direction; what is measured in durations uses
   * {@link #monotonicNanos()}.
   */
  Instant now();

  /** Returns nanoseconds since an arbitrary origin, never running backwards. */
  long monotonicNanos();

  /** Returns the clock of this machine. */
  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }
}
