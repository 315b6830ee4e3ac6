package baton.controller.query;

import baton.controller.lifecycle.Constraints;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.ImplicitNodes;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.Multifactor;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.RequestFlag;
import baton.protocol.message.JobInfo;
import baton.protocol.message.MultiCoreData;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One job as {@code squeue} and {@code scontrol show job} of the asker's release see it. What the
 * wire has no word for stays as the record has it by default.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/job_mgr.c, src/common/job_record.c.
 */
final class JobView {
  private static final int MULTI_CORE_PRESENT = 0xff;
  private static final long EXCLUSIVE_USER_PARTITION = 0x40;
  private static final long EXCLUSIVE_TOPOLOGY_PARTITION = 0x10000;
  private static final int FORCED = 0x8000;
  private static final int ALONE = 0;
  private static final int SHARED = 1;
  private static final int FOR_USER = 2;
  private static final int FOR_LABEL = 3;
  private static final int FOR_TOPOLOGY = 4;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final long SIGNAL_OF_STATUS = 0x7f;
  private static final int SELECT_LINEAR = 102;
  private static final int SELECT_CONS_TRES = 109;

  private final ClusterState state;
  private final Job job;
  private final JobRequest request;
  private final Partition partition;
  private final Asker asker;

  private JobView(ClusterState state, Job job, Asker asker) {
    this.state = state;
    this.job = job;
    this.request = job.request();
    this.partition = state.partitions().get(job.partition()).orElse(null);
    this.asker = asker;
  }

  static JobInfo of(ClusterState state, Job job, Asker asker) {
    JobView view = new JobView(state, job, asker);
    JobInfo.Builder info = JobInfo.builder();
    view.identity(info);
    view.standing(info);
    view.reason(info);
    view.times(info);
    view.texts(info);
    view.paths(info);
    view.demands(info);
    new JobShape(state, job, asker.release()).fill(info);
    boolean linear = "select/linear".equals(state.config().selectType());
    info.selectPluginId(linear ? SELECT_LINEAR : SELECT_CONS_TRES);
    if (asker.detail()) {
      info.jobResources(JobHoldings.of(state, job, asker.release()));
    }
    return info.build();
  }

  private void identity(JobInfo.Builder info) {
    info.jobId(job.id())
        .sluid(job.databaseIndex())
        .arrayJobId(job.arrayJobId() == null ? JobId.of(0) : job.arrayJobId())
        .arrayTaskId(job.arrayTaskId())
        .arrayTaskString(JobArrays.isUnsplit(job) ? pendingTasks() : null)
        .arrayMaxTasks(job.arrayThrottle())
        .hetJobId(HetGroups.leaderOf(job))
        .hetJobOffset(job.hetOffset())
        .hetJobIdSet(job.hetJobIds())
        .userId(request.userId())
        .groupId(request.groupId() == null ? Gid.of(0) : request.groupId())
        .cluster(state.config().clusterName())
        .jobName(request.name())
        .account(request.account())
        .wckey(request.wckey())
        .allocNode(request.submitHost())
        .allocSid(request.submitSessionId())
        .startProtocolVersion(request.submitProtocolVersion())
        .showFlags(asker.showFlags());
  }

  /** None are left of an array whose pending tasks were cancelled one by one. */
  private String pendingTasks() {
    return job.arrayPendingTasks().cardinality() == 0 ? null : job.arrayPendingTasks().toHex();
  }

  private void standing(JobInfo.Builder info) {
    int batch = 1 + job.batchFailures();
    info.jobState(job.state().value() | job.stateFlags())
        .batchFlag(request.batch() ? batch : 0)
        .restartCount(job.restartCount())
        .priority(job.priority())
        .nice(request.nice())
        .siteFactor(request.siteFactor())
        .exitCode(job.exitCode())
        .derivedExitCode(job.derivedExitCode())
        .batchHost(name(job.batchHost()))
        .failedNode(name(job.failedNode()))
        .partition(partitionText())
        .priorityArray(priorities())
        .priorityArrayNames(priorities().size() == 0 ? null : partitionText())
        .bitFlags(bitFlags())
        .requeue(request.requeue() ? 1 : 0)
        .reboot(request.reboot() ? 1 : 0);
  }

  /** A job that a signal ended: up to 22.05 that is a failed launch. */
  private void reason(JobInfo.Builder info) {
    int signal = (int) (job.exitCode() & SIGNAL_OF_STATUS);
    boolean raised =
        job.state() == JobState.FAILED && job.reason() == JobReason.LAUNCH_FAILURE && signal != 0;
    if (raised && asker.release().atLeast(Release.V23_02)) {
      info.stateReason(JobReason.RAISED_SIGNAL.value())
          .stateDescription("RaisedSignal:" + signal + "(" + SignalText.of(signal) + ")");
    } else {
      info.stateReason(job.reason().value()).stateDescription(job.stateDescription());
    }
  }

  private long bitFlags() {
    long flags = request.bitFlags();
    if (ImplicitNodes.areMeant(request) && asker.release().atLeast(Release.V26_05)) {
      flags |= RequestFlag.IMPLICIT_MAX_NODES;
    }
    if (!request.partitionGiven()) {
      flags |= RequestFlag.PARTITION_ASSIGNED;
    }
    if (JobLifecycle.isPending(job) && request.dependency() != null) {
      flags |= RequestFlag.DEPENDENT;
    }
    if (JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job)) {
      return flags | RequestFlag.WAS_RUNNING;
    }
    boolean hadSteps = request.batch() || job.nextStepId() > 0;
    boolean ran = JobLifecycle.isFinished(job) && !job.allocation().isEmpty();
    return ran && hadSteps ? flags | RequestFlag.USAGE_ADDED_UP : flags;
  }

  private String partitionText() {
    if (!JobLifecycle.isPending(job)) {
      return job.partition() == null ? null : job.partition().value();
    }
    List<PartitionName> asked = request.partitions();
    return asked.stream().map(PartitionName::value).collect(Collectors.joining(","));
  }

  /** Of a job for several partitions its priority in each; empty where there is only one. */
  private Longs priorities() {
    List<PartitionName> names = request.partitions();
    boolean several = JobLifecycle.isPending(job) && names.size() > 1;
    if (!several || !Multifactor.isConfigured(state.config())) {
      return Longs.of();
    }
    Multifactor factors = Multifactor.of(state.config(), state.partitions().values());
    boolean fixed = job.priority() == 0 || job.prioritySetByAdmin();
    return Longs.of(
        names.stream()
            .mapToLong(
                name ->
                    fixed
                        ? job.priority()
                        : factors.priority(
                            job, state.partitions().get(name).orElse(null), asker.now()))
            .toArray());
  }

  private void times(JobInfo.Builder info) {
    long limit = job.timeLimitMinutes();
    if (limit == NoVal.NO_VAL && partition != null) {
      boolean hasDefault = partition.defaultTimeMinutes() != NoVal.NO_VAL;
      limit = hasDefault ? partition.defaultTimeMinutes() : partition.maxTimeMinutes();
    }
    info.timeLimit(limit)
        .timeMin(request.timeMinMinutes())
        .deadline(seconds(request.deadline()))
        .submitTime(seconds(job.submitTime()))
        .eligibleTime(seconds(job.eligibleTime()))
        .accrueTime(seconds(job.accrueTime()))
        .suspendTime(seconds(job.suspendTime()))
        .resizeTime(seconds(job.resizeTime()))
        .preSuspendTime(job.beforeSuspendSeconds())
        .scheduledNodeList(job.expectedNodes())
        .lastSchedulingEvaluation(seconds(job.lastScheduleTime()));
    if (!JobLifecycle.isPending(job)) {
      info.startTime(seconds(job.startTime())).endTime(seconds(job.endTime()));
      return;
    }
    Instant expected = job.expectedStart();
    if (expected != null && expected.isBefore(asker.now())) {
      expected = asker.now();
    } else if (expected == null
        && job.eligibleTime() != null
        && job.eligibleTime().isAfter(asker.now())) {
      expected = job.eligibleTime();
    }
    if (expected != null) {
      long end = limit == NoVal.NO_VAL ? 0 : seconds(expected) + limit * SECONDS_PER_MINUTE;
      info.startTime(seconds(expected)).endTime(end);
    }
  }

  private void texts(JobInfo.Builder info) {
    boolean isPending = JobLifecycle.isPending(job);
    info.adminComment(request.adminComment())
        .comment(request.comment())
        .extra(request.extra())
        .network(request.network())
        .mcsLabel(request.mcsLabel())
        .burstBuffer(request.burstBuffer())
        .container(request.container())
        .containerAgain(request.container())
        .containerId(request.containerId())
        .licenses(request.licenses())
        .reservation(request.reservation())
        .dependency(request.dependency())
        .features(isPending ? request.features() : Constraints.inForce(job))
        .prefer(isPending ? request.prefer() : null)
        .batchFeatures(request.batchFeatures())
        .clusterFeatures(request.clusterFeatures())
        .mailType(request.mailType())
        .mailUser(request.mailUser() == null ? request.userName() : request.mailUser())
        .selinuxContext(request.selinuxContext())
        .cronSpec(request.cronSpecification())
        .cpusPerTres(request.cpusPerTres())
        .memoryPerTres(request.memoryPerTres())
        .tresBind(request.tresBind())
        .tresFrequency(request.tresFrequency())
        .tresPerJob(request.tresPerJob())
        .tresPerNode(request.tresPerNode())
        .tresPerSocket(request.tresPerSocket())
        .tresPerTask(request.tresPerTask());
  }

  private void paths(JobInfo.Builder info) {
    info.workDir(request.workDir())
        .standardError(request.standardError())
        .standardInput(request.standardInput())
        .standardOutput(standardOutput())
        .submitLine(request.submitLine())
        .command(command());
  }

  /** Up to 22.05 the arguments are shown too. */
  private String command() {
    if (request.arguments().isEmpty()) {
      return request.command();
    }
    return asker.release().atLeast(Release.V23_02)
        ? request.arguments().get(0)
        : String.join(" ", request.arguments());
  }

  private void demands(JobInfo.Builder info) {
    int perTask = request.cpusPerTask() == NoVal.NO_VAL16 ? 1 : request.cpusPerTask();
    info.contiguous(request.contiguous() ? 1 : 0)
        .coreSpec(request.coreSpecialization())
        .cpusPerTask(perTask)
        .minCpusPerNode(request.minCpusPerNode())
        .minTemporaryDisk(request.minTmpDiskMiB())
        .ntasksPerNode(request.tasksPerNode())
        .oomKillStep(NoVal.NO_VAL16)
        .cpuFrequencyMin(request.cpuFrequencyMin())
        .cpuFrequencyMax(request.cpuFrequencyMax())
        .cpuFrequencyGovernor(request.cpuFrequencyGovernor())
        .requestedSwitches(request.nodeSwitches())
        .waitForSwitches(request.waitForSwitchesSeconds())
        .delayBoot(request.delayBootSeconds())
        .profile(request.profile())
        .requiredNodes(request.requiredNodes())
        .requiredNodeIndexes(NodeLists.bits(state.order(), request.requiredNodes()))
        .excludedNodes(request.excludedNodes())
        .excludedNodeIndexes(NodeLists.bits(state.order(), request.excludedNodes()))
        .multiCore(multiCore());
    shares(info);
  }

  /** Clients from 25.11 on do not know where a batch job writes if it is not told. */
  private String standardOutput() {
    boolean told = request.standardOutput() != null || !request.batch();
    if (told || !asker.release().atLeast(Release.V25_11)) {
      return request.standardOutput();
    }
    return JobArrays.isPart(job) ? "slurm-%A_%a.out" : "slurm-%j.out";
  }

  private void shares(JobInfo.Builder info) {
    int shared = request.shareMode();
    if (shared == NoVal.NO_VAL16 && partition != null) {
      int most = partition.maxShare();
      if ((partition.flags() & EXCLUSIVE_USER_PARTITION) != 0) {
        shared = 2;
      } else if ((most & FORCED) != 0 && (most & ~FORCED) > 1) {
        shared = 1;
      } else if (most == 0) {
        shared = 0;
      }
    }
    info.shared(shared).oversubscribe(oversubscribe()).exclusive(exclusive());
  }

  /** From 26.05: 0 no, 1 as the job asked for, 2 as the partition allows it. */
  private int oversubscribe() {
    if (request.shareMode() == SHARED) {
      return 1;
    }
    boolean open = request.shareMode() != ALONE && partition != null;
    return open && partition.maxShare() > 1 ? 2 : 0;
  }

  /** From 26.05: 0 none, 1 node, 2 user, 3 MCS label, 4 topology. */
  private int exclusive() {
    long flags = partition == null ? 0 : partition.flags();
    boolean topology = (flags & EXCLUSIVE_TOPOLOGY_PARTITION) != 0;
    return switch (request.shareMode()) {
      case ALONE -> topology ? FOR_TOPOLOGY : 1;
      case SHARED -> 0;
      case FOR_USER, FOR_LABEL, FOR_TOPOLOGY -> request.shareMode();
      default -> topology ? FOR_TOPOLOGY : exclusiveByPartition(flags);
    };
  }

  private int exclusiveByPartition(long flags) {
    if ((flags & EXCLUSIVE_USER_PARTITION) != 0) {
      return FOR_USER;
    }
    return partition != null && partition.maxShare() == 0 ? 1 : 0;
  }

  private MultiCoreData multiCore() {
    return MultiCoreData.builder()
        .mark(MULTI_CORE_PRESENT)
        .boardsPerNode(orZero(request.boardsPerNode()))
        .socketsPerBoard(orZero(request.socketsPerBoard()))
        .socketsPerNode(request.socketsPerNode())
        .coresPerSocket(request.coresPerSocket())
        .threadsPerCore(request.threadsPerCore())
        .ntasksPerBoard(orZero(request.tasksPerBoard()))
        .ntasksPerSocket(request.tasksPerSocket())
        .ntasksPerCore(request.tasksPerCore())
        .planeSize(orZero(request.planeSize()))
        .build();
  }

  private static int orZero(int value) {
    return value == NoVal.NO_VAL16 ? 0 : value;
  }

  private static String name(NodeName node) {
    return node == null ? null : node.value();
  }

  private static long seconds(Instant time) {
    return time == null ? 0 : time.getEpochSecond();
  }
}
