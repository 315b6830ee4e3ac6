package baton.controller.query;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Parameter;
import baton.controller.model.Step;
import baton.controller.model.StepRequest;
import baton.controller.model.StepShare;
import baton.protocol.message.JobStepInfo;
import baton.protocol.message.JobStepInfoResponse;
import baton.protocol.message.NodeTasks;
import baton.protocol.message.StepId;
import baton.protocol.message.StepLayout;
import baton.protocol.type.HostList;
import baton.protocol.type.Ints;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Steps as {@code squeue -s}, {@code scontrol show step} and sattach see them: those that srun made
 * or waits for, the batch script, and the extern step where jobs have one.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/step_mgr.c.
 */
public final class StepAnswers {
  /** Id of select/cons_tres, without which 22.05 cannot read a record. */
  public static final long CONS_TRES = 109;

  private static final long BATCH = baton.protocol.type.StepId.BATCH.value();
  private static final long EXTERN = baton.protocol.type.StepId.EXTERN.value();
  private static final int PROLOG_CONTAIN = 0x4;
  private static final int BIND_VERBOSE = 0x1;
  private static final int BIND_TO = 0x1e;

  private StepAnswers() {}

  /**
   * The steps of all jobs, or of one.
   *
   * @param jobId NO_VAL or 0 for all jobs
   * @param stepId NO_VAL for all steps
   * @return empty if the asker knows no such job
   */
  public static Optional<JobStepInfoResponse> of(
      ClusterState state, Asker asker, JobId jobId, long stepId) {
    Visibility visibility = new Visibility(state, asker);
    boolean all = jobId.value() == NoVal.NO_VAL || jobId.value() == 0;
    boolean found = all;
    List<JobStepInfo> steps = new ArrayList<>();
    for (Job job : state.jobs().values()) {
      boolean asked = all || jobId.equals(job.id()) || jobId.equals(job.arrayJobId());
      if (asked && visibility.shows(job)) {
        found = true;
        for (Step step : steps(state, job)) {
          if (stepId == NoVal.NO_VAL || stepId == step.stepId()) {
            steps.add(info(state, asker, job, step));
          }
        }
      }
    }
    return found
        ? Optional.of(
            JobStepInfoResponse.builder()
                .stepCount(steps.size())
                .lastUpdate(state.facts().now().getEpochSecond())
                .steps(steps)
                .build())
        : Optional.empty();
  }

  /** All steps of a job, those that follow from the job alone first. */
  private static List<Step> steps(ClusterState state, Job job) {
    List<Step> steps = new ArrayList<>();
    boolean holds = JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job);
    if ((!holds && !JobLifecycle.isCompleting(job)) || job.allocation().isEmpty()) {
      return steps;
    }
    if ((state.config().prologFlags() & PROLOG_CONTAIN) != 0) {
      steps.add(derived(job, EXTERN, "extern", job.allocation().get(0).nodes()));
    }
    boolean script = job.request().batch() && job.launchState() != LaunchState.ENDED;
    if (script && holds) {
      steps.add(derived(job, BATCH, "batch", job.allocation().get(0).nodes().subList(0, 1)));
    }
    steps.addAll(state.stepsOf(job.id()));
    return steps;
  }

  private static Step derived(Job job, long stepId, String name, List<NodeAllocation> nodes) {
    List<StepShare> shares = new ArrayList<>();
    for (NodeAllocation held : nodes) {
      shares.add(StepShare.builder().node(held.node()).taskIds(Longs.of(shares.size())).build());
    }
    return Step.builder()
        .jobId(job.id())
        .stepId(stepId)
        .request(
            StepRequest.builder()
                .cpuFrequencyMin(0)
                .cpuFrequencyMax(0)
                .cpuFrequencyGovernor(0)
                .build())
        .state(JobState.RUNNING)
        .name(name)
        .startTime(job.startTime())
        .shares(shares)
        .taskCount(shares.size())
        .protocolVersion(job.request().submitProtocolVersion())
        .build();
  }

  private static JobStepInfo info(ClusterState state, Asker asker, Job job, Step step) {
    StepRequest asked = step.request();
    boolean waits = step.state() == JobState.PENDING;
    boolean devices = asksDevices(asked);
    List<NodeName> nodes =
        waits
            ? job.allocation().stream()
                .map(Allocation::nodes)
                .flatMap(List::stream)
                .map(NodeAllocation::node)
                .toList()
            : step.shares().stream().map(StepShare::node).toList();
    return JobStepInfo.builder()
        .arrayJobId(job.arrayJobId() == null ? JobId.of(0) : job.arrayJobId())
        .arrayTaskId(job.arrayTaskId())
        .stepId(
            StepId.builder()
                .sluid(job.databaseIndex())
                .jobId(job.id())
                .stepId(step.stepId())
                .stepHetComponent(step.hetComponent())
                .build())
        .userId(job.request().userId())
        .numCpus(step.cpuCount())
        .cpuFrequencyMin(asked.cpuFrequencyMin())
        .cpuFrequencyMax(asked.cpuFrequencyMax())
        .cpuFrequencyGovernor(asked.cpuFrequencyGovernor())
        .numTasks(step.taskCount())
        .taskDistribution(step.taskDistribution())
        .timeLimit(step.timeLimitMinutes())
        .state(step.state().value())
        .srunPid(asked.srunPid())
        .startTime(waits ? 0 : step.startTime().getEpochSecond())
        .runTime(runTime(asker, job, step))
        .cluster(state.config().clusterName())
        .container(asked.container())
        .containerId(asked.containerId())
        .partition(job.partition().value())
        .srunHost(asked.host())
        .nodeList(step.nodeList() == null ? NodeLists.text(state.order(), nodes) : step.nodeList())
        .stepName(step.name())
        .reservedPorts(step.reservedPorts())
        .network(step.network())
        .nodeIndexes(NodeLists.bits(state.order(), nodes))
        .selectPluginId(CONS_TRES)
        .tresAllocated(tres(step, nodes.size()))
        .startProtocolVersion(step.protocolVersion())
        .cpusPerTres(asked.cpusPerTres())
        .memoryPerTres(asked.memoryPerTres())
        .jobName(job.request().name())
        .workDir(asked.workDir())
        .standardError(asked.standardError())
        .standardInput(asked.standardInput())
        .standardOutput(asked.standardOutput())
        .submitLine(asked.submitLine())
        .tresBind(asked.tresBind())
        .tresFrequency(asked.tresFrequency())
        .tresPerStep(devices ? asked.tresPerStep() : job.request().tresPerJob())
        .tresPerNode(devices ? asked.tresPerNode() : job.request().tresPerNode())
        .tresPerSocket(devices ? asked.tresPerSocket() : job.request().tresPerSocket())
        .tresPerTask(devices ? asked.tresPerTask() : job.request().tresPerTask())
        .build();
  }

  /** True if the step says which devices it wants; otherwise it has what its job asked for. */
  private static boolean asksDevices(StepRequest asked) {
    return isDevice(asked.tresPerStep())
        || isDevice(asked.tresPerNode())
        || isDevice(asked.tresPerSocket())
        || isDevice(asked.tresPerTask());
  }

  private static boolean isDevice(String tres) {
    return tres != null && tres.contains("gres");
  }

  private static String tres(Step step, int nodes) {
    boolean numbered = step.stepId() < NoVal.NO_VAL - 4;
    if (!numbered || step.state() == JobState.PENDING) {
      return null;
    }
    long memory = step.shares().stream().mapToLong(StepShare::memoryMiB).sum();
    return TresText.of(step.cpuCount(), memory, nodes, 0);
  }

  private static long runTime(Asker asker, Job job, Step step) {
    if (step.startTime() == null) {
      return 0;
    }
    boolean suspended = job.state() == JobState.SUSPENDED && job.suspendTime() != null;
    Instant until = suspended ? job.suspendTime() : asker.now();
    long seconds = until.getEpochSecond() - step.startTime().getEpochSecond();
    return Math.max(0, seconds - step.suspendedSeconds());
  }

  /** Where the tasks of a step are; empty if the job has no such step. */
  public static Optional<StepLayout> layout(
      ClusterState state, Job job, long stepId, long hetComponent) {
    return find(state, job, stepId, hetComponent).map(StepAnswers::layout);
  }

  private static Optional<Step> find(ClusterState state, Job job, long stepId, long hetComponent) {
    return steps(state, job).stream()
        .filter(step -> step.stepId() == stepId)
        .filter(step -> hetComponent == NoVal.NO_VAL || step.hetComponent() == hetComponent)
        .findFirst();
  }

  /** Where the tasks of a step are. */
  public static StepLayout layout(Step step) {
    List<NodeTasks> tasks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (StepShare share : step.shares()) {
      tasks.add(NodeTasks.builder().taskIds(share.taskIds()).build());
      names.add(share.node().value());
    }
    String nodes = step.nodeList();
    return StepLayout.builder()
        .present(1)
        .nodeList(nodes == null ? HostList.of(names).ranged() : nodes)
        .nodeCount(tasks.size())
        .startProtocolVersion(step.protocolVersion())
        .taskCount(step.taskCount())
        .taskDistribution(step.taskDistribution())
        .tasks(tasks)
        .cpusPerTaskValues(Ints.of(Math.max(1, step.cpusPerTask())))
        .cpusPerTaskRepetitions(Longs.of(tasks.size()))
        .build();
  }

  /** The nodes of a step, or of the whole job for NO_VAL; empty if the job has no such step. */
  public static Optional<String> nodes(
      ClusterState state, Job job, long stepId, long hetComponent) {
    if (stepId == NoVal.NO_VAL) {
      return Optional.ofNullable(
          NodeLists.text(
              state.order(),
              job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList()));
    }
    return layout(state, job, stepId, hetComponent).map(StepLayout::nodeList);
  }

  /** How tasks bind to CPUs when srun does not say: as the job, its nodes, or the cluster. */
  public static long defaultCpuBind(ClusterState state, Job job) {
    int ofJob = job.request().cpuBindType();
    if (ofJob == NoVal.NO_VAL16) {
      ofJob = 0;
    }
    if ((ofJob & BIND_TO) != 0) {
      return ofJob;
    }
    List<Long> ofNodes =
        job.allocation().get(0).nodes().stream()
            .flatMap(share -> state.nodes().get(share.node()).stream())
            .map(Node::definition)
            .map(definition -> definition.cpuBind())
            .filter(bind -> bind != 0)
            .distinct()
            .toList();
    return (ofJob & BIND_VERBOSE) | (ofNodes.size() == 1 ? ofNodes.get(0) : ofCluster(state));
  }

  private static long ofCluster(ClusterState state) {
    long bind = 0;
    for (Parameter parameter : state.config().parameters()) {
      if (parameter.name().equalsIgnoreCase("TaskPluginParam") && parameter.value() != null) {
        for (String word : parameter.value().toLowerCase(Locale.ROOT).split(",", -1)) {
          bind |=
              switch (word.trim()) {
                case "verbose" -> BIND_VERBOSE;
                case "threads" -> 0x2;
                case "cores" -> 0x4;
                case "sockets" -> 0x8;
                default -> 0;
              };
        }
      }
    }
    return bind;
  }
}
