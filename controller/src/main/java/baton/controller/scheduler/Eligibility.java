package baton.controller.scheduler;

import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.Partition;
import baton.protocol.type.NoVal;
import java.time.Instant;

/** Whether a waiting job may be considered at all, and whether a partition would take it. */
final class Eligibility {
  private static final int SCHEDULES = 0x2;
  private static final int SUBMITS = 0x1;

  private Eligibility() {}

  /** True for a job that waits for its start and whose last run, if any, is cleaned up. */
  static boolean isWaiting(Job job) {
    return JobLifecycle.isPending(job) && !JobLifecycle.isCompleting(job);
  }

  /** Why a job may not be considered yet; null if it may. */
  static JobReason reason(ClusterState snapshot, Job job, Instant now) {
    if (job.priority() == 0) {
      boolean says =
          job.reason() == JobReason.HELD_BY_USER
              || job.reason() == JobReason.HELD_BY_ADMIN
              || job.reason() == JobReason.MAX_REQUEUE;
      return says ? job.reason() : JobReason.HELD_BY_USER;
    }
    Dependencies.Standing standing = Dependencies.standing(snapshot, job);
    if (standing == Dependencies.Standing.NEVER) {
      return JobReason.DEPENDENCY_NEVER_SATISFIED;
    }
    if (standing == Dependencies.Standing.WAITING) {
      return JobReason.DEPENDENCY;
    }
    Instant begin = job.request().beginTime();
    return begin != null && begin.isAfter(now) ? JobReason.BEGIN_TIME : null;
  }

  /** Why a partition would not run the job whatever is free; null if it would. */
  static JobReason barred(Job job, Partition partition) {
    if (partition == null) {
      return JobReason.PARTITION_CONFIG;
    }
    if ((partition.stateUp() & SCHEDULES) == 0) {
      return (partition.stateUp() & SUBMITS) == 0
          ? JobReason.PARTITION_INACTIVE
          : JobReason.PARTITION_DOWN;
    }
    long minutes = job.timeLimitMinutes();
    if (minutes != NoVal.NO_VAL && minutes > partition.maxTimeMinutes()) {
      return JobReason.PARTITION_TIME_LIMIT;
    }
    long least = Math.max(1, job.request().minNodes());
    if (least > partition.maxNodes()
        || (job.request().maxNodes() != 0 && job.request().maxNodes() < partition.minNodes())) {
      return JobReason.PARTITION_NODE_LIMIT;
    }
    return null;
  }
}
