package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.SubmitJob;
import baton.controller.lifecycle.Dependencies;
import baton.controller.model.ClusterFacts;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.List;

/** Accepts a job, or refuses it as slurmctld would: same checks, same order, same error numbers. */
final class Submission {
  /** Priority of the first job under priority/basic; each later one gets one less. */
  private static final long TOP_PRIORITY = 0xffff0000L;

  private static final long NICE_OFFSET = 0x80000000L;
  private static final long DEFAULT_PARTITION = 0x1;

  private Submission() {}

  static Reply submit(Change change, SubmitJob command) {
    Caller caller = command.caller();
    JobRequest asked = command.request();
    SlurmError refusal = callerMay(caller, asked);
    if (refusal == null) {
      refusal = SubmissionCheck.sizes(change, asked);
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    List<PartitionName> partitions = partitions(change, asked);
    if (partitions.isEmpty()) {
      return Reply.rejected(SlurmError.ESLURM_DEFAULT_PARTITION_NOT_SET);
    }
    for (PartitionName name : partitions) {
      if (change.partition(name) == null) {
        return Reply.rejected(SlurmError.ESLURM_INVALID_PARTITION_NAME);
      }
    }
    JobRequest request = completed(change, caller, asked, partitions);
    refusal = SubmissionCheck.partitions(change, caller, request, partitions);
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    if (change.jobs().size() >= change.config().maxJobCount()) {
      return Reply.rejected(SlurmError.EAGAIN);
    }
    Dependencies.Parsed dependency = Dependencies.parse(change.jobs(), request.dependency());
    if (dependency.refusal() != null) {
      return Reply.rejected(dependency.refusal());
    }
    return accept(change, request, dependency);
  }

  private static SlurmError callerMay(Caller caller, JobRequest asked) {
    if (!caller.superUser() && !caller.uid().equals(asked.userId())) {
      return SlurmError.ESLURM_USER_ID_MISSING;
    }
    if (!caller.superUser() && !caller.gid().equals(asked.groupId())) {
      return SlurmError.ESLURM_GROUP_ID_MISSING;
    }
    if (!caller.operator() && asked.nice() < NICE_OFFSET) {
      return SlurmError.ESLURM_INVALID_NICE;
    }
    if (!caller.superUser() && (asked.adminComment() != null || asked.reboot())) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    return null;
  }

  private static List<PartitionName> partitions(Change change, JobRequest asked) {
    if (!asked.partitions().isEmpty()) {
      return asked.partitions();
    }
    List<PartitionName> defaults = new ArrayList<>();
    for (Partition partition : change.partitions().values()) {
      if ((partition.flags() & DEFAULT_PARTITION) != 0) {
        defaults.add(partition.name());
      }
    }
    return defaults.isEmpty() ? List.of() : defaults.subList(0, 1);
  }

  /** What was left open is filled in from the partition and the cluster. */
  private static JobRequest completed(
      Change change, Caller caller, JobRequest asked, List<PartitionName> partitions) {
    Partition first = change.partition(partitions.get(0));
    JobRequest.Builder full = asked.toBuilder().partitions(partitions);
    full.partitionGiven(!asked.partitions().isEmpty());
    if (asked.memoryMiB() == NoVal.NO_VAL64) {
      boolean fromPartition = first.defaultMemoryMiB() != 0;
      full.memoryMiB(fromPartition ? first.defaultMemoryMiB() : change.config().defaultMemoryMiB())
          .memoryPerCpu(
              fromPartition ? first.defaultMemoryPerCpu() : change.config().defaultMemoryPerCpu());
    }
    if (!caller.operator() && asked.priorityAsked() != 0) {
      full.priorityAsked(NoVal.NO_VAL);
    }
    return full.build();
  }

  private static Reply accept(Change change, JobRequest request, Dependencies.Parsed dependency) {
    JobId id = nextId(change);
    boolean held = request.priorityAsked() == 0;
    boolean later = request.beginTime() != null && request.beginTime().isAfter(change.now());
    long priority = held ? 0 : priority(change, request);
    Job.Builder job =
        Job.builder()
            .id(id)
            .request(request.toBuilder().dependency(dependency.remaining()).build())
            .state(JobState.PENDING)
            .partition(request.partitions().get(0))
            .submitTime(change.now())
            .priority(priority)
            .prioritySetByAdmin(!held && request.priorityAsked() != NoVal.NO_VAL)
            .timeLimitMinutes(request.timeLimitMinutes())
            .dependencySatisfied(dependency.remaining() == null)
            .reason(reason(held, later, dependency));
    if (later) {
      job.eligibleTime(request.beginTime());
    } else if (!held && dependency.remaining() == null) {
      job.eligibleTime(change.now()).accrueTime(change.now());
    }
    change.put(job);
    ClusterFacts facts = change.facts();
    change.put(facts.toBuilder().submitted(facts.submitted() + 1));
    return new Reply.JobAccepted(id, null);
  }

  private static JobReason reason(boolean held, boolean later, Dependencies.Parsed dependency) {
    if (held) {
      return JobReason.HELD_BY_USER;
    }
    if (dependency.never()) {
      return JobReason.DEPENDENCY_NEVER_SATISFIED;
    }
    if (dependency.remaining() != null) {
      return JobReason.DEPENDENCY;
    }
    return later ? JobReason.BEGIN_TIME : JobReason.NONE;
  }

  /** priority/basic: each job one below the lowest so far, less its nice value. */
  static long priority(Change change, JobRequest request) {
    if (request.priorityAsked() != NoVal.NO_VAL && request.priorityAsked() != 0) {
      return request.priorityAsked();
    }
    ClusterFacts facts = change.facts();
    long lowest = facts.lowestPriority() >= 2 ? facts.lowestPriority() - 1 : TOP_PRIORITY;
    change.put(facts.toBuilder().lowestPriority(lowest));
    long nice = request.nice() - NICE_OFFSET;
    return Math.max(1, Math.min(NoVal.NO_VAL - 1, lowest - nice));
  }

  /** The next id that no known job has; wraps at MaxJobId as slurmctld does. */
  private static JobId nextId(Change change) {
    long first = Math.max(1, change.config().firstJobId());
    long last = change.config().maxJobId() - 1;
    long candidate = change.facts().nextJobId().value();
    for (long tried = 0; tried <= change.jobs().size(); tried++) {
      if (candidate > last || candidate < first) {
        candidate = first;
      }
      if (change.job(JobId.of(candidate)) == null) {
        change.put(change.facts().toBuilder().nextJobId(JobId.of(candidate + 1)));
        return JobId.of(candidate);
      }
      candidate++;
    }
    throw new IllegalStateException(
        "every job id between " + first + " and " + last + " is in use");
  }
}
