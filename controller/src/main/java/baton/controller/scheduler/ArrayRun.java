package baton.controller.scheduler;

import baton.controller.lifecycle.JobArrays;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which tasks of arrays one plan starts: the next of those without a record, and how many of an
 * array run. Lives within one planning.
 */
final class ArrayRun {
  private final ClusterState snapshot;
  private final Map<JobId, BitSet> pending = new HashMap<>();
  private final Map<JobId, Integer> started = new HashMap<>();
  private final Map<JobId, JobReason> reasons = new HashMap<>();

  ArrayRun(ClusterState snapshot) {
    this.snapshot = snapshot;
  }

  /** True if the array that the job belongs to runs as many tasks as it may. */
  boolean isFull(Job job) {
    if (!JobArrays.isPart(job) || job.arrayThrottle() == 0) {
      return false;
    }
    int more = started.getOrDefault(job.arrayJobId(), 0);
    return snapshot.arrays().running(job.arrayJobId()) + more >= job.arrayThrottle();
  }

  /** Notes why a record of an array waits; all of an array wait for the reason of the first. */
  JobReason refused(Job job, JobReason reason) {
    JobReason first = reasons.putIfAbsent(job.arrayJobId(), reason);
    return first == null ? reason : first;
  }

  /** True if the record stands for another task to start. */
  boolean hasNext(Job job) {
    return JobArrays.isUnsplit(job) && !pending(job).isEmpty();
  }

  /** Notes a start, and tells its task: NO_VAL if the record is one job. */
  long start(Job job) {
    if (JobArrays.isPart(job)) {
      started.merge(job.arrayJobId(), 1, Integer::sum);
    }
    if (!JobArrays.isUnsplit(job)) {
      return NoVal.NO_VAL;
    }
    BitSet left = pending(job);
    int task = left.nextSetBit(0);
    left.clear(task);
    return task;
  }

  private BitSet pending(Job job) {
    return pending.computeIfAbsent(job.id(), id -> job.arrayPendingTasks().toBitSet());
  }
}
