package baton.controller.rpc;

import java.time.Instant;

/** Times as peers tell them: any 64 bits may come, and only a time comes out. */
public final class WireTimes {
  /** The end of the year 9999. */
  private static final long LAST = 253_402_300_799L;

  private WireTimes() {}

  /** The instant of that many seconds since 1970; what is out of bounds becomes the bound. */
  public static Instant instant(long epochSeconds) {
    return Instant.ofEpochSecond(Math.max(0, Math.min(LAST, epochSeconds)));
  }
}
