package baton.controller.rpc;

import baton.controller.lifecycle.JobArrays;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.protocol.message.SelectedStep;
import baton.protocol.message.StepId;
import baton.protocol.type.BitString;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * What one name of a REQUEST_KILL_JOBS stands for, record by record, so that each is judged and
 * signalled by itself. Pure; any thread.
 */
final class KillTargets {
  /**
   * One record.
   *
   * @param job the record; null if there is none of that name
   * @param tasks those that are meant of a record that stands for several; null for all of it
   * @param named how the answer names it
   */
  record Target(Job job, String tasks, SelectedStep named) {}

  private KillTargets() {}

  /** A record by itself. */
  static Target of(Job job) {
    SelectedStep named =
        JobArrays.isTask(job)
            ? named(job.arrayJobId()).arrayTaskId(job.arrayTaskId()).build()
            : named(job.id()).build();
    return new Target(job, null, named);
  }

  /** The records of a job, of an array, or of some tasks of one. */
  static List<Target> of(ClusterState state, JobTarget asked) {
    List<Target> targets = new ArrayList<>();
    Job head = state.jobs().get(asked.jobId()).orElse(null);
    if (asked.arrayTasks() != null) {
      tasks(state, head, asked, targets);
    } else {
      if (head != null) {
        targets.add(of(head));
      }
      List<Job> others = new ArrayList<>();
      for (JobId id : state.arrays().tasksOf(asked.jobId())) {
        if (head == null || !id.equals(head.id())) {
          others.add(state.jobs().require(id));
        }
      }
      others.sort(Comparator.comparing(JobArrays::place).reversed());
      others.forEach(job -> targets.add(of(job)));
    }
    if (targets.isEmpty()) {
      targets.add(new Target(null, null, named(asked.jobId()).build()));
    }
    return targets;
  }

  private static void tasks(ClusterState state, Job head, JobTarget asked, List<Target> targets) {
    BitSet left = JobArrays.tasks(asked.arrayTasks(), state.config().maxArraySize());
    if (left == null) {
      return;
    }
    if (head != null && JobArrays.isUnsplit(head)) {
      BitSet waiting = head.arrayPendingTasks().toBitSet();
      waiting.and(left);
      left.andNot(waiting);
      if (!waiting.isEmpty()) {
        targets.add(waiting(head, waiting));
      }
    }
    for (JobId id : state.arrays().tasksOf(asked.jobId())) {
      Job job = state.jobs().require(id);
      if (left.get((int) job.arrayTaskId())) {
        left.clear((int) job.arrayTaskId());
        targets.add(of(job));
      }
    }
    if (!left.isEmpty()) {
      SelectedStep named =
          left.cardinality() == 1
              ? named(asked.jobId()).arrayTaskId(left.nextSetBit(0)).build()
              : named(asked.jobId()).arrayTaskIds(BitString.of(left.length(), left)).build();
      targets.add(new Target(null, null, named));
    }
  }

  private static Target waiting(Job head, BitSet tasks) {
    SelectedStep named = named(head.id()).arrayTaskIds(BitString.of(tasks.length(), tasks)).build();
    return new Target(head, JobArrays.text(tasks, Integer.MAX_VALUE), named);
  }

  private static SelectedStep.Builder named(JobId id) {
    return SelectedStep.builder().stepId(StepId.builder().jobId(id).build());
  }
}
