package baton.controller.lifecycle;

import baton.controller.model.Job;
import baton.protocol.type.NoVal;
import java.time.Instant;

/** Whether a waiting job can still end before the deadline that its owner gave (--deadline). */
public final class StartDeadline {
  private static final long SECONDS_PER_MINUTE = 60;

  private StartDeadline() {}

  /**
   * True if the deadline has passed, or if the job may start now and its least time, or else its
   * time limit, would end after it. A job that is held or waits for others is given the benefit of
   * the doubt, as its limit may be changed until it starts.
   */
  public static boolean isMissed(Job job, Instant now) {
    Instant deadline = job.request().deadline();
    if (deadline == null || !JobLifecycle.isPending(job)) {
      return false;
    }
    if (!deadline.isAfter(now)) {
      return true;
    }
    boolean mayStart =
        job.priority() != 0 && job.eligibleTime() != null && !job.eligibleTime().isAfter(now);
    return mayStart && deadline.isBefore(now.plusSeconds(leastMinutes(job) * SECONDS_PER_MINUTE));
  }

  private static long leastMinutes(Job job) {
    long least = job.request().timeMinMinutes();
    if (least != 0 && least != NoVal.NO_VAL) {
      return least;
    }
    long limit = job.timeLimitMinutes();
    return limit == NoVal.NO_VAL || limit == NoVal.INFINITE ? 0 : limit;
  }
}
