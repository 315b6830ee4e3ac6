package baton.controller.apply;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.Partition;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;

/**
 * Waiting jobs that no nodes could run any more, were they all idle: held with BadConstraints,
 * until they are changed or released, or features of nodes change.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/job_scheduler.c, job_mgr.c.
 */
final class Impossible {
  private Impossible() {}

  /** A job with another partition is never held for one of them. */
  static boolean is(Change change, Job job) {
    Partition partition = change.partition(job.partition());
    return job.request().partitions().size() == 1
        && partition != null
        && change.feasibility().check(job.request(), partition) != null;
  }

  /** Features have changed: whoever was held for want of some is looked at again. */
  static void releaseAll(Change change) {
    List<JobId> held = new ArrayList<>();
    for (Job job : change.jobs().values()) {
      if (isHeld(job) && job.priority() == 0) {
        held.add(job.id());
      }
    }
    for (JobId id : held) {
      Job.Builder next = change.job(id).toBuilder();
      release(change, next);
      change.put(next);
    }
  }

  static boolean isHeld(Job job) {
    return JobLifecycle.isPending(job) && job.reason() == JobReason.BAD_CONSTRAINTS;
  }

  static void release(Change change, Job.Builder next) {
    next.priority(JobUpdates.fresh(change, next.build().request()))
        .prioritySetByAdmin(false)
        .reason(JobReason.NONE);
  }
}
