package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.command.UpdateJob;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * scontrol update, hold and release of a job, checked in slurmctld's order. Unlike there, a refused
 * update changes nothing.
 */
final class JobUpdates {
  private static final int USER_HOLD = 2;
  private static final long NICE_OFFSET = 0x80000000L;

  private JobUpdates() {}

  static Reply update(Change change, UpdateJob command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    JobChanges wanted = command.changes();
    Caller caller = command.caller();
    SlurmError refusal = mayChange(change, caller, job, wanted);
    Job.Builder next = job.toBuilder();
    JobRequest.Builder request = job.request().toBuilder();
    if (refusal == null) {
      refusal = partitions(change, caller, job, wanted, next, request);
    }
    if (refusal == null) {
      refusal = JobFields.beforePriority(change, caller, job, wanted, next, request);
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    next.request(request.build());
    SlurmError note = null;
    if (wanted.priority() != NoVal.NO_VAL) {
      refusal = priority(change, caller, next, wanted);
      boolean lowered = refusal == SlurmError.ESLURM_PRIO_RESET_FAIL;
      note = lowered ? refusal : null;
      refusal = lowered ? null : refusal;
    } else if (Impossible.isHeld(job)) {
      // Whatever is changed of it, it may have become possible.
      Impossible.release(change, next);
    }
    if (refusal == null) {
      request = next.build().request().toBuilder();
      refusal = nice(caller, wanted, next, request);
    }
    if (refusal == null) {
      refusal = JobFields.afterPriority(change, caller, next.build(), wanted, next, request);
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    Job updated = next.request(request.build()).build();
    change.put(next.priority(Priorities.now(change, updated)));
    return note == null ? Reply.ACCEPTED : new Reply.Accepted(note);
  }

  private static SlurmError mayChange(Change change, Caller caller, Job job, JobChanges wanted) {
    boolean owner = caller.uid().equals(job.request().userId());
    boolean stranger = !owner && !caller.operator();
    if (stranger && StandIn.isAtLeast(change.config(), Release.V23_02)) {
      return SlurmError.ESLURM_USER_ID_MISSING;
    }
    if (wanted.burstBuffer() != null) {
      return SlurmError.ESLURM_NOT_SUPPORTED;
    }
    if (Crontabs.isCron(job)) {
      return SlurmError.ESLURM_CANNOT_MODIFY_CRON_JOB;
    }
    if (JobLifecycle.isFinished(job)) {
      return SlurmError.ESLURM_JOB_FINISHED;
    }
    if (wanted.adminComment() != null && !caller.superUser()) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    return stranger ? SlurmError.ESLURM_USER_ID_MISSING : null;
  }

  private static SlurmError partitions(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    List<PartitionName> names = new ArrayList<>();
    if (wanted.partitions() != null) {
      for (String text : wanted.partitions().split(",", -1)) {
        if (text.isEmpty()) {
          return SlurmError.ESLURM_INVALID_PARTITION_NAME;
        }
        names.add(PartitionName.of(text));
      }
    }
    if (names.isEmpty() || names.equals(job.request().partitions())) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    SubmissionCheck.Choice choice = SubmissionCheck.partitions(change, names);
    if (choice.refusal() != null) {
      return choice.refusal();
    }
    SlurmError refusal = SubmissionCheck.admitted(change, caller, job.request(), choice.names());
    if (refusal == null) {
      List<PartitionName> ordered = ordered(change, choice.names());
      Partition first = change.partition(ordered.get(0));
      PartitionLimits.Size size = PartitionLimits.Size.of(change.nodes(), first);
      JobRequest asked = job.request();
      JobReason bar = PartitionLimits.reason(asked, job.timeLimitMinutes(), first, size);
      // From 23.02 an owner who is not in the groups of a partition is no bar to naming it.
      boolean strangerWaits =
          StandIn.isAtLeast(change.config(), Release.V23_02)
              && PartitionLimits.isStranger(asked, first);
      if (ordered.size() > 1 && bar == JobReason.PARTITION_CONFIG && !strangerWaits) {
        return SlurmError.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE;
      }
      request.partitions(ordered).partitionGiven(true);
      next.partition(ordered.get(0));
    }
    return refusal;
  }

  /** From 24.05 a change puts them in the order in which they are tried: by PriorityTier. */
  private static List<PartitionName> ordered(Change change, List<PartitionName> names) {
    return StandIn.isAtLeast(change.config(), Release.V24_05)
        ? PartitionOrder.byTier(change, names)
        : names;
  }

  private static SlurmError priority(
      Change change, Caller caller, Job.Builder next, JobChanges wanted) {
    Job job = next.build();
    long asked = wanted.priority();
    boolean named = wanted.hold() == USER_HOLD;
    if (job.priority() == asked) {
      if (asked == 0 && caller.operator()) {
        next.reason(named ? JobReason.HELD_BY_USER : JobReason.HELD_BY_ADMIN);
      }
      return null;
    }
    boolean heldByUser = job.reason() == JobReason.HELD_BY_USER;
    if (job.priority() == 0 && asked == NoVal.INFINITE && (caller.operator() || heldByUser)) {
      release(change, job, next);
      return null;
    }
    if (job.priority() == 0 && asked != NoVal.INFINITE) {
      return SlurmError.ESLURM_JOB_HELD;
    }
    if (!caller.operator() && job.priority() <= asked) {
      // Only a job that is not held can be released again to no effect.
      boolean again = job.priority() != 0 && asked == NoVal.INFINITE;
      return again ? null : SlurmError.ESLURM_ACCESS_DENIED;
    }
    if (asked == 0) {
      boolean byUser = named || !caller.operator();
      next.priority(0)
          .prioritySetByAdmin(true)
          .reason(byUser ? JobReason.HELD_BY_USER : JobReason.HELD_BY_ADMIN)
          .stateDescription(null)
          .accrueTime(null);
      begunAgain(change, job, next);
      return null;
    }
    JobRequest request = job.request().toBuilder().nice(NICE_OFFSET).build();
    next.request(request);
    if (asked == NoVal.INFINITE) {
      next.prioritySetByAdmin(false).priority(fresh(change, request));
      return null;
    }
    next.priority(asked).prioritySetByAdmin(caller.operator() || job.prioritySetByAdmin());
    return caller.operator() ? null : SlurmError.ESLURM_PRIO_RESET_FAIL;
  }

  private static void release(Change change, Job job, Job.Builder next) {
    next.priority(fresh(change, job.request()))
        .prioritySetByAdmin(false)
        .reason(JobReason.NONE)
        .stateDescription(null)
        .stateFlags(job.stateFlags() & ~(JobFlag.SPECIAL_EXIT | JobFlag.REQUEUE_HOLD))
        .exitCode(0);
    Instant begin = job.request().beginTime();
    if (begin != null && begin.isAfter(change.now())) {
      next.eligibleTime(begin);
    }
    begunAgain(change, job, next);
  }

  /** A begin time that has passed is forgotten: the job becomes eligible anew. */
  private static void begunAgain(Change change, Job job, Job.Builder next) {
    if (job.request().beginTime() != null && job.request().beginTime().isBefore(change.now())) {
      next.request(next.build().request().toBuilder().beginTime(null).build());
    }
    if (JobLifecycle.isPending(job)
        && job.eligibleTime() != null
        && job.eligibleTime().isBefore(change.now())) {
      next.eligibleTime(null);
    }
  }

  /** The priority that the scheduler would give now. */
  static long fresh(Change change, JobRequest request) {
    return Submission.priority(change, request.toBuilder().priorityAsked(NoVal.NO_VAL).build());
  }

  /** As slurmctld has it, a job that is held leaves the hold when its nice value changes. */
  private static SlurmError nice(
      Caller caller, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    Job job = next.build();
    long before = job.request().nice();
    boolean fixed = job.prioritySetByAdmin() && job.priority() != 0;
    if (wanted.nice() == NoVal.NO_VAL || wanted.nice() == before || fixed) {
      return null;
    }
    if (!caller.operator() && wanted.nice() < NICE_OFFSET) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    long priority = Math.max(2, job.priority() + before - wanted.nice());
    next.priority(Math.min(priority, NoVal.NO_VAL - 1));
    request.nice(wanted.nice());
    return null;
  }
}
