package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.SubmitJob;
import baton.controller.lifecycle.Constraints;
import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.Expansion;
import baton.controller.lifecycle.Feasibility;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.MemoryLimits;
import baton.controller.lifecycle.Multifactor;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.ClusterFacts;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.RequestFlag;
import baton.protocol.error.SlurmError;
import baton.protocol.type.BitString;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Accepts a job, or refuses it as slurmctld would: same checks, same order, same error numbers. */
final class Submission {
  /** Priority of the first job under priority/basic; each later one gets one less. */
  private static final long TOP_PRIORITY = 0xffff0000L;

  private static final long NICE_OFFSET = 0x80000000L;

  /** Wait status that slurmctld gives a job which could never run. */
  private static final long NEVER_RAN_WAIT_STATUS = 1;

  private Submission() {}

  static Reply submit(Change change, SubmitJob command) {
    Caller caller = command.caller();
    SlurmError refusal = callerMay(caller, command.request());
    if (refusal == null) {
      refusal = SubmissionCheck.before(change, command.request());
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    JobRequest asked = SubmissionCheck.sized(change, command.request());
    refusal = SubmissionCheck.requiredNodes(change, asked);
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    SubmissionCheck.Choice choice = SubmissionCheck.partitions(change, asked.partitions());
    if (choice.refusal() != null) {
      return new Reply.Rejected(choice.refusal(), choice.text());
    }
    refusal = SubmissionCheck.admitted(change, caller, asked, choice.names());
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    JobRequest full = completed(change, caller, asked, choice.names());
    Optional<JobRequest> limited = withinMemory(change, full, choice.names().get(0));
    if (limited.isEmpty() && change.config().enforcePartLimits() != 0) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_TASK_MEMORY);
    }
    JobRequest request = limited.orElse(full);
    refusal = SubmissionCheck.after(change, request);
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    Dependencies.Parsed dependency =
        Dependents.parse(change, null, choice.names().get(0), request.dependency());
    refusal = dependency.refusal();
    if (refusal == null) {
      refusal = SubmissionCheck.last(change, request);
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    if (dependency.expandsNow()) {
      request = Expansion.like(request, change.job(dependency.expands()), change.now());
    }
    Reply reply = accept(change, request, dependency);
    return reply instanceof Reply.JobAccepted accepted && !request.batch()
        ? allocation(change, command, accepted)
        : reply;
  }

  /**
   * An allocation starts at once where the leader found what it needs, and that is still free. One
   * that must start at once or not at all is recorded as failed, as slurmctld does.
   */
  private static Reply allocation(Change change, SubmitJob command, Reply.JobAccepted accepted) {
    Job job = change.job(accepted.jobId());
    if (!command.starts().isEmpty()) {
      return Starting.startSubmitted(change, job, command.starts().get(0))
          ? new Reply.JobStarted(change.job(job.id()))
          : new Reply.Outrun();
    }
    SlurmError hindrance =
        command.hindrance() == 0
            ? null
            : SlurmError.of((int) command.hindrance(), Release.V26_05).orElse(null);
    if (command.immediate()) {
      change.put(
          job.toBuilder()
              .state(JobState.FAILED)
              .exitCode(NEVER_RAN_WAIT_STATUS)
              .reason(JobReason.BAD_CONSTRAINTS)
              .stateDescription(null)
              .startTime(change.now())
              .endTime(change.now()));
      SlurmError error = hindrance == null ? SlurmError.ESLURM_NODES_BUSY : hindrance;
      return new Reply.JobFailed(job.id(), error, null);
    }
    boolean worthTelling =
        hindrance == SlurmError.ESLURM_NODE_NOT_AVAIL
            || hindrance == SlurmError.ESLURM_PARTITION_DOWN;
    return accepted.note() == null && worthTelling
        ? new Reply.JobAccepted(job.id(), hindrance)
        : accepted;
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

  /** What was left open is filled in from the partition and the cluster. */
  private static JobRequest completed(
      Change change, Caller caller, JobRequest asked, List<PartitionName> partitions) {
    Partition first = change.partition(partitions.get(0));
    JobRequest.Builder full = asked.toBuilder().partitions(partitions);
    full.partitionGiven(!asked.partitions().isEmpty());
    long notTheirs = RequestFlag.CONTROLLERS | (asked.cron().isEmpty() ? RequestFlag.CRON_JOB : 0);
    long flags = asked.bitFlags() & ~notTheirs;
    boolean memoryGiven = asked.memoryMiB() != NoVal.NO_VAL64;
    boolean tasksGiven =
        asked.taskCount() != NoVal.NO_VAL && StandIn.isAtLeast(change.config(), Release.V23_02);
    flags |= memoryGiven ? RequestFlag.MEMORY_GIVEN : 0;
    full.bitFlags(flags | (tasksGiven ? RequestFlag.TASKS_GIVEN : 0));
    if (!memoryGiven) {
      boolean fromPartition = first.defaultMemoryMiB() != 0;
      full.memoryMiB(fromPartition ? first.defaultMemoryMiB() : change.config().defaultMemoryMiB())
          .memoryPerCpu(
              fromPartition ? first.defaultMemoryPerCpu() : change.config().defaultMemoryPerCpu());
    }
    if (full.build().memoryMiB() == 0) {
      full.memoryPerCpu(false);
    }
    if (asked.timeLimitMinutes() == NoVal.NO_VAL) {
      if (asked.deadline() != null && asked.timeMinMinutes() == 0) {
        full.timeMinMinutes(1);
      }
      full.timeLimitMinutes(first.defaultTimeMinutes());
    }
    if (asked.beginTime() != null && !asked.beginTime().isAfter(change.now())) {
      full.beginTime(null);
    }
    boolean spreads = (asked.bitFlags() & RequestFlag.SPREAD) != 0;
    if (spreads && asked.maxNodes() == 0 && asked.taskCount() != 0) {
      full.maxNodes(Math.min(change.nodes().size(), asked.taskCount()));
    }
    if (!caller.operator() && asked.priorityAsked() != 0) {
      full.priorityAsked(NoVal.NO_VAL);
    }
    return full.features(Constraints.normal(asked.features()))
        .prefer(Constraints.normal(asked.prefer()))
        .requiredNodes(SubmissionCheck.normal(asked.requiredNodes()))
        .excludedNodes(SubmissionCheck.normal(asked.excludedNodes()))
        .build();
  }

  private static Reply accept(Change change, JobRequest request, Dependencies.Parsed dependency) {
    JobId id = nextId(change);
    boolean held = request.priorityAsked() == 0;
    long priority = held ? 0 : priority(change, request);
    JobRequest kept =
        request.toBuilder()
            .dependency(dependency.remaining())
            .partitions(held ? request.partitions() : PartitionOrder.of(change, judgedFor(request)))
            .build();
    Job.Builder job =
        Job.builder()
            .id(id)
            .request(kept)
            .state(JobState.PENDING)
            .partition(request.partitions().get(0))
            .submitTime(change.now())
            .lastScheduleTime(change.now())
            .priority(priority)
            .prioritySetByAdmin(!held && request.priorityAsked() != NoVal.NO_VAL)
            .timeLimitMinutes(request.timeLimitMinutes())
            .dependencySatisfied(dependency.remaining() == null)
            .expands(dependency.expands());
    BitSet tasks = SubmissionCheck.tasks(change, request);
    if (!tasks.isEmpty()) {
      job.arrayJobId(id)
          .arrayPendingTasks(BitString.of(tasks.length(), tasks))
          .arrayThrottle(JobArrays.throttle(request.arrayIndexes()));
    }
    ClusterFacts facts = change.facts();
    int count = Math.max(1, tasks.cardinality());
    change.put(facts.toBuilder().submitted(facts.submitted() + count));
    JobReason limit = limit(change, request);
    String stranger = strangerText(change, request);
    boolean judged = !held && stranger == null && (limit == null || isJudged(change, limit));
    Feasibility.Verdict verdict = judged ? verdict(change, request) : null;
    if (verdict != null && verdict.text() == null && isWiderThanAllowed(change, request)) {
      verdict = null;
    }
    if (verdict != null) {
      boolean free = dependency.remaining() == null && request.beginTime() == null;
      change.put(
          job.state(JobState.FAILED)
              .exitCode(NEVER_RAN_WAIT_STATUS)
              .reason(JobReason.BAD_CONSTRAINTS)
              .preferred(request.prefer() != null)
              .eligibleTime(free ? change.now() : request.beginTime())
              .startTime(change.now())
              .endTime(change.now()));
      return new Reply.JobFailed(id, verdict.error(), verdict.text());
    }
    waiting(change, job.stateDescription(held ? null : stranger), held, limit, dependency);
    boolean note = limit != null && limit != JobReason.PARTITION_DOWN;
    return new Reply.JobAccepted(
        id,
        held
            ? SlurmError.ESLURM_JOB_HELD
            : note ? SlurmError.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE : null);
  }

  /** What a job prefers is what it is judged by. */
  private static JobRequest judgedFor(JobRequest request) {
    return request.prefer() == null
        ? request
        : request.toBuilder().features(request.prefer()).build();
  }

  private static Feasibility.Verdict verdict(Change change, JobRequest request) {
    Feasibility.Verdict verdict = change.feasibility().check(judgedFor(request));
    boolean again = verdict != null && SubmissionCheck.ignoresPreference(change);
    return again ? change.feasibility().check(request) : verdict;
  }

  /**
   * Up to 24.05 it is not asked whether nodes could ever run what a partition's limits keep
   * waiting; from 25.11 not of what asks for more nodes or CPUs than it has.
   */
  private static boolean isJudged(Change change, JobReason limit) {
    boolean asksForMore =
        limit == JobReason.PARTITION_NODE_LIMIT || limit == JobReason.PARTITION_CONFIG;
    return limit == JobReason.PARTITION_DOWN
        || (StandIn.isAtLeast(change.config(), Release.V24_11)
            && !(asksForMore && StandIn.isAtLeast(change.config(), Release.V25_11)));
  }

  /** True if none of its partitions gives one job so many nodes (MaxNodes), so that it waits. */
  private static boolean isWiderThanAllowed(Change change, JobRequest request) {
    return request.partitions().stream()
        .allMatch(name -> request.minNodes() > change.partition(name).maxNodes());
  }

  /** What is said of a job whose owner may be in none of its partitions; null if he may. */
  private static String strangerText(Change change, JobRequest request) {
    String text = null;
    for (PartitionName name : request.partitions()) {
      text = PartitionLimits.strangerText(request, change.partition(name));
      if (text == null) {
        return null;
      }
    }
    return text;
  }

  private static void waiting(
      Change change,
      Job.Builder job,
      boolean held,
      JobReason limit,
      Dependencies.Parsed dependency) {
    JobRequest request = job.build().request();
    boolean later = request.beginTime() != null;
    boolean free = !held && dependency.remaining() == null;
    if (free && later) {
      job.eligibleTime(request.beginTime()).accrueTime(request.beginTime());
    } else if (free) {
      job.eligibleTime(change.now());
      job.accrueTime(limit == null ? change.now() : null);
    }
    JobReason reason;
    if (held) {
      reason = JobReason.HELD_BY_USER;
    } else if (limit != null) {
      reason = limit == JobReason.PARTITION_DOWN ? limit : JobReason.PARTITION_CONFIG;
    } else if (dependency.never()) {
      reason = JobReason.DEPENDENCY_NEVER_SATISFIED;
    } else if (dependency.remaining() != null) {
      reason = JobReason.DEPENDENCY;
    } else {
      reason = later ? JobReason.BEGIN_TIME : JobReason.NONE;
    }
    job.reason(reason);
    if (held || !dependency.never()) {
      change.put(job);
      return;
    }
    Dependents.stands(change, request, dependency, job);
    change.put(job);
    Dependents.tell(change, change.job(job.build().id()));
  }

  private static Optional<JobRequest> withinMemory(
      Change change, JobRequest request, PartitionName name) {
    return MemoryLimits.within(request, change.partition(name), change.config(), change.nodes());
  }

  /** What keeps the job out of all its partitions; null if one of them takes it. */
  private static JobReason limit(Change change, JobRequest request) {
    JobReason first = null;
    for (PartitionName name : request.partitions()) {
      Partition partition = change.partition(name);
      JobReason reason =
          PartitionLimits.reason(
              request,
              request.timeLimitMinutes(),
              partition,
              PartitionLimits.Size.of(change.nodes(), partition));
      if (reason == null && withinMemory(change, request, name).isEmpty()) {
        reason = JobReason.MAX_MEMORY_PER_LIMIT;
      }
      if (reason == null) {
        return null;
      }
      first = first == null ? reason : first;
    }
    return first;
  }

  /**
   * priority/multifactor: the sum of its factors. priority/basic: each job one below the lowest so
   * far, less its nice value.
   */
  static long priority(Change change, JobRequest request) {
    if (request.priorityAsked() != NoVal.NO_VAL && request.priorityAsked() != 0) {
      return request.priorityAsked();
    }
    if (Multifactor.isConfigured(change.config())) {
      return Multifactor.of(change.config(), change.partitions().values())
          .of(
              request,
              change.partition(request.partitions().get(0)),
              request.timeLimitMinutes(),
              null,
              change.now())
          .priority();
    }
    ClusterFacts facts = change.facts();
    long lowest = facts.lowestPriority() >= 2 ? facts.lowestPriority() - 1 : TOP_PRIORITY;
    change.put(facts.toBuilder().lowestPriority(lowest));
    long nice = request.nice() - NICE_OFFSET;
    return Math.max(1, Math.min(NoVal.NO_VAL - 1, lowest - nice));
  }

  /** The next id that no known job has; wraps at MaxJobId as slurmctld does. */
  static JobId nextId(Change change) {
    long first = Math.max(1, change.config().firstJobId());
    long last = change.config().maxJobId() - 1;
    long candidate = change.facts().nextJobId().value();
    List<JobId> tried = new ArrayList<>();
    while (tried.size() <= change.jobs().size()) {
      if (candidate > last || candidate < first) {
        candidate = first;
      }
      JobId id = JobId.of(candidate);
      if (change.job(id) == null) {
        change.put(change.facts().toBuilder().nextJobId(JobId.of(candidate + 1)));
        return id;
      }
      tried.add(id);
      candidate++;
    }
    throw new IllegalStateException(
        "every job id between " + first + " and " + last + " is in use");
  }
}
