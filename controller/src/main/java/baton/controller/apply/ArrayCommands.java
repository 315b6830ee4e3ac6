package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.SuspendJob;
import baton.controller.command.UpdateJob;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.protocol.error.SlurmError;
import baton.protocol.type.BitString;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * Commands about arrays and tasks of arrays: each is done for every record that is meant, after
 * tasks that are meant alone have been given records of their own. What a command does to one
 * record is the business of its own class.
 */
final class ArrayCommands {
  private static final int SIGKILL = 9;

  private ArrayCommands() {}

  static Reply signal(Change change, SignalJob command) {
    JobId id = command.jobId();
    if (command.arrayTasks() != null) {
      return signalTasks(change, command);
    }
    if (command.alone() || !ArrayRecords.isArray(change, id)) {
      return Signalling.signal(change, command);
    }
    int done = 0;
    List<JobId> records = ArrayRecords.all(change, id);
    SlurmError worst = SlurmError.SLURM_SUCCESS;
    for (JobId record : records) {
      SlurmError error = signal(change, command, record);
      if (error == SlurmError.ESLURM_ACCESS_DENIED) {
        return Reply.rejected(error);
      }
      if (error == SlurmError.ESLURM_ALREADY_DONE) {
        done++;
      } else {
        worst = worse(worst, error);
      }
    }
    if (done == records.size()) {
      return Reply.rejected(SlurmError.ESLURM_ALREADY_DONE);
    }
    return accepted(worst);
  }

  private static Reply signalTasks(Change change, SignalJob command) {
    JobId id = command.jobId();
    BitSet tasks = ArrayRecords.tasks(change, command.arrayTasks());
    if (tasks == null || !ArrayRecords.isArray(change, id)) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    Job any = change.job(ArrayRecords.all(change, id).get(0));
    if (!mayAct(command.caller(), any)) {
      return Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED);
    }
    SlurmError worst = SlurmError.SLURM_SUCCESS;
    BitSet left = (BitSet) tasks.clone();
    BitSet waiting = ArrayRecords.unsplit(change, id);
    if (JobArrays.isUnsplit(any) && JobLifecycle.isPending(any)) {
      if (command.signal() == SIGKILL) {
        cancelUnsplit(change, any, waiting, tasks, command);
      } else if (waiting.intersects(tasks)) {
        // slurmctld says so even when none of the tasks waits, and has scancel signal them again.
        worst = SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE;
      }
      left.andNot(waiting);
    }
    BitSet unknown = (BitSet) left.clone();
    unknown.andNot(ArrayRecords.known(change, id));
    if (!unknown.isEmpty()) {
      worst = worse(worst, SlurmError.ESLURM_INVALID_JOB_ID);
    }
    left.andNot(unknown);
    for (int task = left.nextSetBit(0); task >= 0; task = left.nextSetBit(task + 1)) {
      worst = worse(worst, signal(change, command, ArrayRecords.record(change, id, task)));
    }
    return accepted(worst);
  }

  /** Tasks without a record are cancelled where they stand. */
  private static void cancelUnsplit(
      Change change, Job head, BitSet waiting, BitSet tasks, SignalJob command) {
    BitSet rest = (BitSet) waiting.clone();
    rest.andNot(tasks);
    if (rest.equals(waiting)) {
      return;
    }
    Job.Builder next =
        head.toBuilder().arrayPendingTasks(BitString.of(head.arrayPendingTasks().size(), rest));
    if (rest.isEmpty()) {
      Ending.count(change, JobState.CANCELLED);
      change.put(
          next.state(JobState.CANCELLED)
              .startTime(change.now())
              .endTime(change.now())
              .requesterUid(command.caller().uid()));
      return;
    }
    Job cancelled = head.toBuilder().state(JobState.CANCELLED).build();
    change.put(remember(next, JobArrays.endStatus(cancelled)));
  }

  /** Notes in an array's first record how a task ended that has no record. */
  static Job.Builder remember(Job.Builder head, long status) {
    Job before = head.build();
    boolean first = before.arrayForgottenTasks() == 0;
    return head.arrayForgottenTasks(before.arrayForgottenTasks() + 1)
        .arrayLowestExit(first ? status : Math.min(status, before.arrayLowestExit()))
        .arrayHighestExit(first ? status : Math.max(status, before.arrayHighestExit()));
  }

  private static SlurmError signal(Change change, SignalJob command, JobId record) {
    SignalJob one = command.toBuilder().jobId(record).arrayTasks(null).build();
    return ArrayOutcomes.error(Signalling.signal(change, one));
  }

  static Reply update(Change change, UpdateJob command) {
    Function<JobId, Reply> one =
        record -> {
          UpdateJob alone = command.toBuilder().jobId(record).arrayTasks(null).build();
          Reply throttled = throttle(change, alone);
          return throttled == null ? JobUpdates.update(change, alone) : throttled;
        };
    JobId id = command.jobId();
    if (command.arrayTasks() == null) {
      if (!command.alone() && HetJobs.isWhole(change, id)) {
        return HetJobs.all(change, id, one);
      }
      boolean whole = !command.alone() && ArrayRecords.isArray(change, id);
      return whole ? all(change, id, one) : one.apply(id);
    }
    BitSet tasks = ArrayRecords.tasks(change, command.arrayTasks());
    if (tasks == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    Job head = change.job(id);
    ArrayOutcomes outcomes = new ArrayOutcomes(change, id);
    if (head != null && JobArrays.isUnsplit(head) && JobLifecycle.isPending(head)) {
      BitSet waiting = ArrayRecords.unsplit(change, id);
      BitSet meant = (BitSet) waiting.clone();
      meant.and(tasks);
      if (!meant.isEmpty() && meant.equals(waiting)) {
        outcomes.add(head, ArrayOutcomes.error(one.apply(id)));
        tasks.andNot(waiting);
      } else if (!meant.isEmpty()) {
        if (!mayAct(command.caller(), head)) {
          outcomes.add(meant, SlurmError.ESLURM_USER_ID_MISSING);
          tasks.andNot(meant);
        } else {
          ArraySplit.split(change, head, meant);
        }
      }
    }
    return some(change, id, tasks, outcomes, one);
  }

  static Reply requeue(Change change, RequeueJob command) {
    Function<JobId, Reply> one =
        record ->
            Requeueing.requeue(change, command.toBuilder().jobId(record).arrayTasks(null).build());
    JobId id = command.jobId();
    if (command.arrayTasks() == null) {
      boolean whole = !command.alone() && ArrayRecords.isArray(change, id);
      return whole ? all(change, id, one) : one.apply(id);
    }
    BitSet tasks = ArrayRecords.tasks(change, command.arrayTasks());
    return tasks == null
        ? Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID)
        : some(change, id, tasks, new ArrayOutcomes(change, id), one);
  }

  static Reply suspend(Change change, SuspendJob command) {
    Function<JobId, Reply> one =
        record ->
            Suspension.change(change, command.toBuilder().jobId(record).arrayTasks(null).build());
    JobId id = command.jobId();
    if (command.arrayTasks() == null) {
      if (HetJobs.isWhole(change, id)) {
        return HetJobs.all(change, id, one);
      }
      Job job = change.job(id);
      if (job != null && HetGroups.isComponent(job)) {
        return Reply.rejected(SlurmError.ESLURM_NOT_WHOLE_HET_JOB);
      }
      return ArrayRecords.isArray(change, id) ? all(change, id, one) : one.apply(id);
    }
    BitSet tasks = ArrayRecords.tasks(change, command.arrayTasks());
    return tasks == null
        ? Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID)
        : some(change, id, tasks, new ArrayOutcomes(change, id), one);
  }

  /** Does something to every record of an array. */
  static Reply all(Change change, JobId array, Function<JobId, Reply> one) {
    ArrayOutcomes outcomes = new ArrayOutcomes(change, array);
    for (JobId record : ArrayRecords.all(change, array)) {
      SlurmError error = ArrayOutcomes.error(one.apply(record));
      outcomes.add(change.job(record), error);
    }
    return outcomes.reply();
  }

  /** Does something to the records of some tasks. */
  static Reply some(
      Change change,
      JobId array,
      BitSet tasks,
      ArrayOutcomes outcomes,
      Function<JobId, Reply> one) {
    BitSet unknown = (BitSet) tasks.clone();
    unknown.andNot(ArrayRecords.known(change, array));
    outcomes.add(unknown, SlurmError.ESLURM_INVALID_JOB_ID);
    BitSet known = (BitSet) tasks.clone();
    known.andNot(unknown);
    for (int task = known.nextSetBit(0); task >= 0; task = known.nextSetBit(task + 1)) {
      JobId record = ArrayRecords.record(change, array, task);
      SlurmError error = ArrayOutcomes.error(one.apply(record));
      outcomes.add(change.job(record), error);
      if (record.equals(array)) {
        known.andNot(ArrayRecords.unsplit(change, array));
      }
    }
    return outcomes.reply();
  }

  /** ArrayTaskThrottle, which an array has as a whole; a reply if that was all there is to do. */
  private static Reply throttle(Change change, UpdateJob command) {
    Job head = change.job(command.jobId());
    long throttle = command.changes().arrayThrottle();
    if (throttle == NoVal.NO_VAL || head == null || !JobArrays.isHead(head)) {
      return null;
    }
    if (!mayAct(command.caller(), head)) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (throttle == NoVal.INFINITE) {
      return Reply.rejected(SlurmError.ESLURM_BAD_TASK_COUNT);
    }
    for (JobId record : ArrayRecords.all(change, head.id())) {
      change.put(change.job(record).toBuilder().arrayThrottle(throttle));
    }
    return JobLifecycle.isFinished(head) ? Reply.ACCEPTED : null;
  }

  private static boolean mayAct(Caller caller, Job job) {
    return caller.operator() || caller.uid().equals(job.request().userId());
  }

  private static Reply accepted(SlurmError note) {
    return note == SlurmError.SLURM_SUCCESS ? Reply.ACCEPTED : new Reply.Accepted(note);
  }

  private static SlurmError worse(SlurmError one, SlurmError other) {
    return one.wireNumber() >= other.wireNumber() ? one : other;
  }
}
