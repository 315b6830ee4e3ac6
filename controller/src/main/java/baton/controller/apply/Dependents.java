package baton.controller.apply;

import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs that wait for others: when one starts, ends or is forgotten, those that depend on it learn
 * at once what that means, so that a failure is remembered when the other job no longer is.
 */
final class Dependents {
  private static final long KILL_INVALID = 0x1;
  private static final long KEEP_INVALID = 0x2;

  private Dependents() {}

  /** Brings every dependency up to date, if the command may have changed one. */
  static void update(Change change) {
    if (!change.jobsCameOrWent()) {
      return;
    }
    List<Job> waiting = new ArrayList<>();
    for (Job job : change.jobs().values()) {
      if (job.request().dependency() != null && JobLifecycle.isPending(job)) {
        waiting.add(job);
      }
    }
    for (Job job : waiting) {
      update(change, job);
    }
  }

  private static void update(Change change, Job job) {
    String before = job.request().dependency();
    Dependencies.Parsed now = Dependencies.parse(change.jobs(), job, before, change.now());
    if (before.equals(now.remaining())) {
      return;
    }
    JobRequest request = job.request().toBuilder().dependency(now.remaining()).build();
    Job.Builder next =
        job.toBuilder().request(request).dependencySatisfied(now.remaining() == null);
    if (now.never() && isKilled(change, request)) {
      next.state(JobState.CANCELLED).startTime(change.now()).endTime(change.now());
      Ending.count(change, JobState.CANCELLED);
    } else if (now.never()) {
      says(job, next, JobReason.DEPENDENCY_NEVER_SATISFIED);
    } else if (now.remaining() == null && job.reason() == JobReason.DEPENDENCY) {
      next.reason(JobReason.NONE).stateDescription(null);
    }
    change.put(next);
  }

  /** A job that is held stays so. */
  private static void says(Job job, Job.Builder next, JobReason reason) {
    if (job.priority() != 0) {
      next.reason(reason).stateDescription(null);
    }
  }

  private static boolean isKilled(Change change, JobRequest request) {
    if ((request.bitFlags() & KEEP_INVALID) != 0) {
      return false;
    }
    return (request.bitFlags() & KILL_INVALID) != 0
        || Settings.has(change.config(), "DependencyParameters", "kill_invalid_depend")
        || Settings.has(change.config(), "SchedulerParameters", "kill_invalid_depend");
  }
}
