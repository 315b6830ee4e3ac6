package baton.controller.scheduler;

import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import java.time.Instant;

/** Whether a waiting job may be considered at all. */
final class Eligibility {
  private Eligibility() {}

  /** True for a job that waits for its start and whose last run, if any, is cleaned up. */
  static boolean isWaiting(Job job) {
    return JobLifecycle.isPending(job) && !JobLifecycle.isCompleting(job);
  }

  /** Why a job may not be considered yet; null if it may. */
  static JobReason reason(Job job, Instant now) {
    if (job.priority() == 0) {
      boolean says =
          job.reason() == JobReason.HELD_BY_USER
              || job.reason() == JobReason.BAD_CONSTRAINTS
              || job.reason() == JobReason.MAX_REQUEUE;
      return says ? job.reason() : JobReason.HELD_BY_ADMIN;
    }
    Dependencies.Standing standing = Dependencies.standing(job);
    if (standing == Dependencies.Standing.NEVER) {
      return JobReason.DEPENDENCY_NEVER_SATISFIED;
    }
    if (standing == Dependencies.Standing.WAITING) {
      return JobReason.DEPENDENCY;
    }
    Instant begin = job.request().beginTime();
    return job.cronDue() || (begin != null && begin.isAfter(now)) ? JobReason.BEGIN_TIME : null;
  }
}
