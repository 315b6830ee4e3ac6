package baton.controller.apply;

import baton.controller.lifecycle.JobArrays;
import baton.controller.model.Job;
import baton.protocol.type.BitString;
import baton.protocol.type.JobId;
import java.util.BitSet;

/**
 * Takes tasks out of the record that stands for them. As slurmctld has it: a task taken out gets a
 * new id and the record's place in the list of jobs; the record keeps the array's id; and the last
 * task left is that record itself. Lives within one command; {@link #finish} ends it.
 */
final class ArraySplit {
  private final Change change;
  private final int size;
  private final BitSet pending;
  private Job head;
  private int left;
  private boolean taken;

  /**
   * @param head a record that stands for at least one task
   */
  ArraySplit(Change change, Job head) {
    this.change = change;
    this.head = head;
    this.size = head.arrayPendingTasks().size();
    this.pending = head.arrayPendingTasks().toBitSet();
    this.left = pending.cardinality();
  }

  /** True if the record stands for this task. */
  boolean has(long task) {
    return task < size && pending.get((int) task);
  }

  /** The record of a task, for the caller to change and to put; a task is taken once. */
  Job take(long task) {
    pending.clear((int) task);
    left--;
    if (left == 0) {
      taken = true;
      return head.toBuilder().arrayTaskId(task).arrayPendingTasks(null).build();
    }
    JobId id = Submission.nextId(change);
    Job split =
        head.toBuilder()
            .id(id)
            .version(0)
            .arrayTaskId(task)
            .arrayPendingTasks(null)
            .arrayForgottenTasks(0)
            .arrayLowestExit(0)
            .arrayHighestExit(0)
            .listedAs(JobArrays.place(head))
            .build();
    head = head.toBuilder().listedAs(id).build();
    return split;
  }

  /** Puts what is left of the record. */
  void finish() {
    if (taken) {
      return;
    }
    Job.Builder rest = head.toBuilder();
    if (left == 1) {
      change.put(rest.arrayTaskId(pending.nextSetBit(0)).arrayPendingTasks(null));
    } else {
      change.put(rest.arrayPendingTasks(BitString.of(size, pending)));
    }
  }

  /** Gives each of these tasks a record of its own. */
  static void split(Change change, Job head, BitSet tasks) {
    ArraySplit split = new ArraySplit(change, head);
    for (int task = tasks.nextSetBit(0); task >= 0; task = tasks.nextSetBit(task + 1)) {
      change.put(split.take(task).toBuilder());
    }
    split.finish();
  }
}
