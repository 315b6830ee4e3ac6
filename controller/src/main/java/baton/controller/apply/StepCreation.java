package baton.controller.apply;

import baton.controller.command.CreateStep;
import baton.controller.lifecycle.GenericResources;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.step.StepPlacement;
import baton.controller.lifecycle.step.StepRoom;
import baton.controller.model.Allocation;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.Step;
import baton.controller.model.StepFlag;
import baton.controller.model.StepKey;
import baton.controller.model.StepRequest;
import baton.controller.model.StepShare;
import baton.controller.model.TaskDistribution;
import baton.protocol.error.SlurmError;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import baton.protocol.type.StepId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * srun asks for a step. A step for which there is no room now leaves a record of its srun, which is
 * told to ask again when another step of the job ends.
 */
final class StepCreation {
  private static final long INTERACTIVE = 0xfffffffaL;
  private static final int LONGEST_TEXT = 1024;

  /** Refusals after which srun waits. */
  private static final Set<SlurmError> WAITS =
      Set.of(
          SlurmError.ESLURM_NODES_BUSY,
          SlurmError.ESLURM_PORTS_BUSY,
          SlurmError.ESLURM_INTERCONNECT_BUSY);

  private StepCreation() {}

  static Reply create(Change change, CreateStep command) {
    Job job = change.job(command.jobId());
    SlurmError refusal = jobRefuses(change, job, command);
    if (refusal == null && has(command.request(), StepFlag.INTERACTIVE)) {
      return interactive(change, job, command);
    }
    if (refusal == null) {
      refusal = requestIsWrong(change, job, command.request());
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    StepRequest request = decided(command.request());
    StepRoom room = new StepRoom(job, change.stepsOf(job.id()), change::node, change.config());
    StepPlacement.Place place = StepPlacement.of(room, request, name -> isNode(change, name));
    if (place.refusal() != null) {
      return refused(change, job, command, place.nextNode(), place.refusal());
    }
    ReservedPorts.Answer ports = ReservedPorts.of(change, request, place.shares());
    if (ports.refusal() != null) {
      return refused(change, job, command, place.nextNode(), ports.refusal());
    }
    return add(change, job, command, request, place, ports);
  }

  private static boolean has(StepRequest request, long flag) {
    return (request.flags() & flag) != 0;
  }

  private static boolean isNode(Change change, String name) {
    return !name.isEmpty() && change.node(NodeName.of(name)) != null;
  }

  private static SlurmError jobRefuses(Change change, Job job, CreateStep command) {
    StepRequest request = command.request();
    if (job == null) {
      return SlurmError.ESLURM_INVALID_JOB_ID;
    }
    boolean forOther = !command.caller().uid().equals(request.userId());
    if (forOther && !command.caller().superUser()) {
      return SlurmError.ESLURM_USER_ID_MISSING;
    }
    if (!request.userId().equals(job.request().userId())) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if (request.stepId() != NoVal.NO_VAL && isTaken(change, job, request)) {
      return SlurmError.ESLURM_DUPLICATE_STEP_ID;
    }
    if (JobLifecycle.isSuspended(job)) {
      return SlurmError.ESLURM_DISABLED;
    }
    if (JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_DUPLICATE_JOB_ID;
    }
    Instant last =
        job.endTime() == null
            ? null
            : job.endTime().plusSeconds(Deadlines.overTimeLimitSeconds(change, job));
    boolean late = last != null && !last.isAfter(change.now()) && !JobLifecycle.isConfiguring(job);
    return JobLifecycle.isFinished(job) || job.allocation().isEmpty() || late
        ? SlurmError.ESLURM_ALREADY_DONE
        : null;
  }

  private static boolean isTaken(Change change, Job job, StepRequest request) {
    return change.stepsOf(job.id()).stream()
        .filter(step -> step.stepId() == request.stepId())
        .anyMatch(
            step ->
                step.hetComponent() == request.hetComponent()
                    || step.hetComponent() == NoVal.NO_VAL);
  }

  private static SlurmError requestIsWrong(Change change, Job job, StepRequest request) {
    int threads = request.threadsPerCore();
    if (threads != NoVal.NO_VAL16 && threads > job.request().threadsPerCore()) {
      return SlurmError.ESLURM_BAD_THREAD_PER_CORE;
    }
    if (!TaskDistribution.isKnown(decided(request).taskDistribution())) {
      return SlurmError.ESLURM_BAD_DIST;
    }
    if (asksForDevices(request)) {
      return SlurmError.ESLURM_INVALID_GRES;
    }
    if (isLong(request.host()) || isLong(request.name()) || isLong(request.network())) {
      return SlurmError.ESLURM_PATHNAME_TOO_LONG;
    }
    if (job.nextStepId() >= change.config().maxStepCount()) {
      return SlurmError.ESLURM_STEP_LIMIT;
    }
    return request.taskCount() < 1 ? SlurmError.ESLURM_BAD_TASK_COUNT : null;
  }

  /** No generic resources are configured, so that nobody can have any. */
  private static boolean asksForDevices(StepRequest request) {
    return GenericResources.areAsked(request.tresPerStep())
        || GenericResources.areAsked(request.tresPerNode())
        || GenericResources.areAsked(request.tresPerSocket())
        || GenericResources.areAsked(request.tresPerTask());
  }

  private static boolean isLong(String text) {
    return text != null && text.length() > LONGEST_TEXT;
  }

  /** srun leaves the distribution open when it asks for all memory. */
  private static StepRequest decided(StepRequest request) {
    long base = TaskDistribution.base(request.taskDistribution());
    boolean noMemory =
        (request.memory() & Long.MAX_VALUE) == 0 || request.memory() == NoVal.NO_VAL64;
    if (base != TaskDistribution.UNKNOWN || !noMemory) {
      return request;
    }
    long block = TaskDistribution.withBase(request.taskDistribution(), TaskDistribution.BLOCK);
    return request.toBuilder().taskDistribution(block).build();
  }

  /**
   * A step that found nodes and was refused after that has moved the job's round on all the same.
   */
  private static Reply refused(
      Change change, Job job, CreateStep command, int nextNode, SlurmError refusal) {
    StepRequest request = command.request();
    boolean moves = nextNode != job.nextStepNode();
    if (moves) {
      change.put(job.toBuilder().nextStepNode(nextNode));
    }
    boolean listens = request.host() != null && !request.host().isEmpty() && request.port() != 0;
    if (!WAITS.contains(refusal) || !listens) {
      return moves ? new Reply.Accepted(refusal) : Reply.rejected(refusal);
    }
    change.put(
        Step.builder()
            .jobId(job.id())
            .stepId(StepId.PENDING.value())
            .waiter(request.srunPid())
            .request(request)
            .state(JobState.PENDING)
            .cpuCount(request.taskCount())
            .taskCount(request.taskCount())
            .taskDistribution(TaskDistribution.UNKNOWN)
            .protocolVersion(protocolVersion(change, job, command))
            .lastActive(change.now())
            .build());
    return new Reply.Accepted(refusal);
  }

  private static Reply add(
      Change change,
      Job job,
      CreateStep command,
      StepRequest request,
      StepPlacement.Place place,
      ReservedPorts.Answer ports) {
    Partition partition = change.partition(job.partition());
    long limit = request.timeLimitMinutes();
    boolean limited = limit != NoVal.NO_VAL && limit != NoVal.INFINITE && limit != 0;
    boolean tooLong = limited && partition != null && limit > partition.maxTimeMinutes();
    if (tooLong && change.config().enforcePartLimits() != 0) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_TIME_LIMIT);
    }
    boolean asked = request.stepId() != NoVal.NO_VAL;
    long number = asked ? request.stepId() : job.nextStepId();
    if (!asked || request.hetComponent() == NoVal.NO_VAL) {
      change.put(
          job.toBuilder()
              .nextStepId(Math.max(job.nextStepId(), number) + 1)
              .nextStepNode(place.nextNode()));
    }
    change.removeStep(
        new StepKey(job.id(), StepId.PENDING.value(), NoVal.NO_VAL, request.srunPid()));
    Step step =
        Step.builder()
            .jobId(job.id())
            .stepId(number)
            .hetComponent(request.hetComponent())
            .request(request)
            .state(JobState.RUNNING)
            .name(orElse(request.name(), job.request().name()))
            .network(orElse(request.network(), job.request().network()))
            .startTime(change.now())
            .timeLimitMinutes(limited ? limit : NoVal.INFINITE)
            .shares(place.shares())
            .nodeList(place.nodeList())
            .taskCount(place.taskCount())
            .taskDistribution(request.taskDistribution())
            .cpusPerTask(place.cpusPerTask())
            .cpuCount(place.cpuCount())
            .memoryForAll(place.memoryForAll())
            .memory(place.memory())
            .protocolVersion(lowest(change, place.shares(), command.protocolVersion()))
            .lastActive(change.now())
            .reservedPorts(ports.text())
            .build();
    change.put(step);
    if (ports.last() != 0) {
      change.put(change.facts().toBuilder().lastReservedPort(ports.last()));
    }
    return new Reply.StepCreated(step);
  }

  private static String orElse(String asked, String ofJob) {
    return asked == null || asked.isEmpty() ? ofJob : asked;
  }

  private static int protocolVersion(Change change, Job job, CreateStep command) {
    List<StepShare> nodes =
        job.allocation().get(0).nodes().stream()
            .map(share -> StepShare.builder().node(share.node()).build())
            .toList();
    return lowest(change, nodes, command.protocolVersion());
  }

  private static int lowest(Change change, List<StepShare> shares, int ofClient) {
    int lowest = ofClient;
    for (StepShare share : shares) {
      Node node = change.node(share.node());
      if (node != null && !node.registration().isEmpty()) {
        lowest = Math.min(lowest, node.registration().get(0).protocolVersion());
      }
    }
    return lowest;
  }

  /** The shell of salloc: one task on the job's first node, beside everything else. */
  private static Reply interactive(Change change, Job job, CreateStep command) {
    StepKey key = StepKey.of(job.id(), INTERACTIVE);
    if (change.step(key) != null) {
      return Reply.rejected(SlurmError.ESLURM_DUPLICATE_STEP_ID);
    }
    Allocation allocation = job.allocation().get(0);
    NodeAllocation first = allocation.nodes().get(0);
    List<StepShare> shares =
        List.of(
            StepShare.builder()
                .node(first.node())
                .taskIds(Longs.of(0))
                .cores(first.cores())
                .cpuCount(first.cpuCount())
                .memoryMiB(first.memoryMiB())
                .build());
    Step step =
        Step.builder()
            .jobId(job.id())
            .stepId(INTERACTIVE)
            .request(command.request())
            .state(JobState.RUNNING)
            .name("interactive")
            .startTime(job.startTime())
            .shares(shares)
            .nodeList(first.node().value())
            .taskCount(1)
            .protocolVersion(lowest(change, shares, command.protocolVersion()))
            .lastActive(change.now())
            .build();
    change.put(step);
    return new Reply.StepCreated(step);
  }
}
