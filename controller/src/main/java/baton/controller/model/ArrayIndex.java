package baton.controller.model;

import baton.controller.model.collection.SortedTable;
import baton.controller.model.collection.Table;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which records belong to which array; derived from the jobs. An array is one record until its
 * tasks start or are changed one by one: each of those gets a record and an id of its own, and the
 * record with the array's id stands for the rest. The last task left keeps the array's id.
 *
 * @param tasks the records that are one task each
 * @param running how many tasks of an array run or are suspended; absent for none
 * @param unsplitTasks tasks beyond the first that records of arrays stand for: with the number of
 *     records this makes the number of jobs
 */
public record ArrayIndex(
    SortedTable<ArrayTask, JobId> tasks, Table<JobId, Integer> running, long unsplitTasks) {
  public static final ArrayIndex EMPTY = new ArrayIndex(SortedTable.empty(), Table.empty(), 0);

  /** The index of these jobs. */
  public static ArrayIndex of(Iterable<Job> jobs) {
    ArrayIndex index = EMPTY;
    for (Job job : jobs) {
      index = index.with(null, job);
    }
    return index;
  }

  /** The index once {@code next} has replaced {@code old}; null stands for no such job. */
  public ArrayIndex with(Job old, Job next) {
    ArrayTask before = key(old);
    ArrayTask after = key(next);
    long unsplit = unsplitTasks + beyondFirst(next) - beyondFirst(old);
    boolean ran = runs(old);
    boolean runs = runs(next);
    if (before == null && after == null) {
      return unsplit == unsplitTasks ? this : new ArrayIndex(tasks, running, unsplit);
    }
    SortedTable<ArrayTask, JobId> byTask = tasks;
    if (after == null) {
      byTask = byTask.without(before);
    } else if (before == null) {
      byTask = byTask.with(after, next.id());
    }
    Table<JobId, Integer> counts = running;
    if (ran != runs) {
      JobId array = (after == null ? before : after).array();
      int count = running(array) + (runs ? 1 : -1);
      counts = count == 0 ? counts.without(array) : counts.with(array, count);
    }
    return new ArrayIndex(byTask, counts, unsplit);
  }

  /** The record of one task; empty if it has none of its own. */
  public Optional<JobId> task(JobId array, long task) {
    return tasks.get(new ArrayTask(array, task));
  }

  /** The records of an array that are one task each, in the order of the tasks. */
  public List<JobId> tasksOf(JobId array) {
    return new ArrayList<>(all(array).values());
  }

  /** True if an array has records beside the one with its own id. */
  public boolean hasOthers(JobId array) {
    int seen = 0;
    for (JobId id : all(array).values()) {
      if (!id.equals(array)) {
        return true;
      }
      if (++seen > 1) {
        break;
      }
    }
    return false;
  }

  /** How many tasks of an array run or are suspended. */
  public int running(JobId array) {
    return running.get(array).orElse(0);
  }

  private SortedTable<ArrayTask, JobId> all(JobId array) {
    return tasks.range(new ArrayTask(array, 0), new ArrayTask(array, NoVal.NO_VAL));
  }

  private static ArrayTask key(Job job) {
    return job == null || job.arrayTaskId() == NoVal.NO_VAL
        ? null
        : new ArrayTask(job.arrayJobId(), job.arrayTaskId());
  }

  private static boolean runs(Job job) {
    return job != null
        && job.arrayTaskId() != NoVal.NO_VAL
        && (job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED);
  }

  private static long beyondFirst(Job job) {
    return job == null || job.arrayPendingTasks() == null
        ? 0
        : Math.max(0, job.arrayPendingTasks().cardinality() - 1);
  }
}
