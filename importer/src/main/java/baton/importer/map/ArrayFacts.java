package baton.importer.map;

import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.protocol.state.SavedArray;
import baton.protocol.type.BitString;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.HashMap;
import java.util.Map;

/**
 * What belongs to an array as a whole. slurmctld keeps it in one record of the array; in the model
 * each record knows the throttle, and the first one what became of tasks that are forgotten. Filled
 * with all records, then asked for each. For one thread.
 */
final class ArrayFacts {
  private final Map<JobId, SavedArray> arrays = new HashMap<>();
  private final Map<JobId, Integer> ended = new HashMap<>();

  /**
   * The tasks that a record stands for beside itself; null for none.
   *
   * @throws Unmappable if the mask is none
   */
  static BitString pendingTasks(SavedArray saved, long arrayTaskId) {
    boolean unsplit =
        saved.bitCount() != NoVal.NO_VAL && saved.bitCount() != 0 && arrayTaskId == NoVal.NO_VAL;
    if (!unsplit) {
      return null;
    }
    try {
      return BitString.parseHex(Math.toIntExact(saved.bitCount()), saved.taskIds());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Unmappable("stands for tasks of an array that cannot be read: " + e.getMessage());
    }
  }

  /** Takes notice of a record. */
  void note(Job job, SavedArray saved) {
    if (!JobArrays.isPart(job)) {
      return;
    }
    if (saved.bitCount() != NoVal.NO_VAL) {
      arrays.put(job.arrayJobId(), saved);
    }
    if (JobLifecycle.isFinished(job)) {
      ended.merge(job.arrayJobId(), 1, Integer::sum);
    }
  }

  /** The record with what its array has in common, once all records are known. */
  Job complete(Job job) {
    SavedArray array = JobArrays.isPart(job) ? arrays.get(job.arrayJobId()) : null;
    if (array == null) {
      return job;
    }
    Job.Builder next = job.toBuilder().arrayThrottle(array.maxRunTasks());
    long forgotten = array.totalCompletedTasks() - ended.getOrDefault(job.arrayJobId(), 0);
    if (JobArrays.isHead(job) && forgotten > 0) {
      next.arrayForgottenTasks(forgotten)
          .arrayLowestExit(array.minExitCode())
          .arrayHighestExit(array.maxExitCode());
    }
    return next.build();
  }
}
