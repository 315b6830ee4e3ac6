package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.command.UpdateJob;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.List;

/** scontrol update, hold and release of a job. */
final class JobUpdates {
  private static final int USER_HOLD = 2;

  private JobUpdates() {}

  static Reply update(Change change, UpdateJob command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    boolean owner = command.caller().uid().equals(job.request().userId());
    if (!owner && !command.caller().operator()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    JobChanges wanted = command.changes();
    if (wanted.userId() != NoVal.NO_VAL && wanted.userId() != job.request().userId().value()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (JobLifecycle.isFinished(job)) {
      return Reply.rejected(SlurmError.ESLURM_JOB_FINISHED);
    }
    Job.Builder next = job.toBuilder();
    JobRequest.Builder request = job.request().toBuilder();
    SlurmError refusal = JobFields.change(change, command.caller(), job, wanted, next, request);
    if (refusal == null) {
      next.request(request.build());
      refusal = partitions(change, job, wanted, next, request);
    }
    if (refusal == null) {
      refusal = priority(change, command.caller(), job, wanted, next);
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    change.put(next.request(request.build()));
    return Reply.ACCEPTED;
  }

  private static SlurmError partitions(
      Change change, Job job, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    if (wanted.partitions() == null) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    List<PartitionName> names = new ArrayList<>();
    for (String text : wanted.partitions().split(",", -1)) {
      if (text.isEmpty() || change.partition(PartitionName.of(text)) == null) {
        return SlurmError.ESLURM_INVALID_PARTITION_NAME;
      }
      names.add(PartitionName.of(text));
    }
    request.partitions(names).partitionGiven(true);
    next.partition(names.get(0));
    return null;
  }

  private static SlurmError priority(
      Change change, Caller caller, Job job, JobChanges wanted, Job.Builder next) {
    if (wanted.priority() == NoVal.NO_VAL) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    if (wanted.priority() == 0) {
      hold(caller, job, wanted, next);
      return null;
    }
    if (wanted.priority() == NoVal.INFINITE) {
      return release(change, caller, job, next);
    }
    if (!caller.operator() && wanted.priority() > job.priority()) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    next.priority(wanted.priority()).prioritySetByAdmin(true);
    return null;
  }

  private static void hold(Caller caller, Job job, JobChanges wanted, Job.Builder next) {
    if (job.priority() == 0 && wanted.hold() != USER_HOLD) {
      return;
    }
    boolean byUser = wanted.hold() == USER_HOLD || !caller.operator();
    next.priority(0)
        .prioritySetByAdmin(false)
        .reason(byUser ? JobReason.HELD_BY_USER : JobReason.HELD_BY_ADMIN)
        .stateDescription(null)
        .accrueTime(null);
  }

  private static SlurmError release(Change change, Caller caller, Job job, Job.Builder next) {
    if (job.priority() != 0) {
      return null;
    }
    if (job.reason() == JobReason.HELD_BY_ADMIN && !caller.operator()) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    JobRequest released = next.build().request().toBuilder().priorityAsked(NoVal.NO_VAL).build();
    next.priority(Submission.priority(change, released))
        .reason(JobReason.NONE)
        .stateDescription(null);
    return null;
  }
}
