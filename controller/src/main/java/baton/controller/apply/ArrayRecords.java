package baton.controller.apply;

import baton.controller.lifecycle.JobArrays;
import baton.controller.model.Job;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The records that a job id, or tasks of it, mean while a command is applied. */
final class ArrayRecords {
  private ArrayRecords() {}

  /** True if the id is that of an array, whatever is left of it. */
  static boolean isArray(Change change, JobId id) {
    Job job = change.job(id);
    return job == null ? !change.arrays().tasksOf(id).isEmpty() : JobArrays.isHead(job);
  }

  /** All records of an array: its first one, then the others, the latest first. */
  static List<JobId> all(Change change, JobId array) {
    List<Job> others = new ArrayList<>();
    for (JobId id : change.arrays().tasksOf(array)) {
      if (!id.equals(array)) {
        others.add(change.job(id));
      }
    }
    others.sort(Comparator.comparing(JobArrays::place).reversed());
    List<JobId> all = new ArrayList<>();
    if (change.job(array) != null) {
      all.add(array);
    }
    others.forEach(job -> all.add(job.id()));
    return all;
  }

  /** The tasks asked for; null if the text names none. */
  static BitSet tasks(Change change, String text) {
    BitSet tasks = JobArrays.tasks(text, change.config().maxArraySize());
    return tasks == null || tasks.isEmpty() ? null : tasks;
  }

  /** The tasks that the array's first record stands for. */
  static BitSet unsplit(Change change, JobId array) {
    Job head = change.job(array);
    return head == null || !JobArrays.isUnsplit(head)
        ? new BitSet()
        : head.arrayPendingTasks().toBitSet();
  }

  /** The tasks of the array that are known. */
  static BitSet known(Change change, JobId array) {
    BitSet known = unsplit(change, array);
    for (JobId id : change.arrays().tasksOf(array)) {
      known.set((int) change.job(id).arrayTaskId());
    }
    return known;
  }

  /** The record of a known task: its own, or the one that stands for it. */
  static JobId record(Change change, JobId array, int task) {
    return change.arrays().task(array, task).orElse(array);
  }
}
