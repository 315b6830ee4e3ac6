package baton.controller.dispatch;

import baton.controller.journal.JobText;
import baton.controller.lifecycle.HetGroups;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.SelectPlugin;
import baton.protocol.message.BatchJobLaunch;
import baton.protocol.message.Identity;
import baton.protocol.message.JobNotify;
import baton.protocol.message.KillJob;
import baton.protocol.message.MessageType;
import baton.protocol.message.PrologLaunch;
import baton.protocol.message.RebootNodesRequest;
import baton.protocol.message.SignalTasks;
import baton.protocol.message.StepId;
import baton.protocol.message.SuspendInternal;
import baton.protocol.net.Message;
import baton.protocol.type.HostList;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages that pay debts, made from the state alone. Sources: job_scheduler.c,
 * node_scheduler.c and job_mgr.c of slurmctld, 22.05 to 26.05.
 */
final class NodeMessages {
  private static final int BATCH_ONLY = 1;
  private static final int STEPS_ONLY = 1 << 2;
  private static final int FULL_JOB = 1 << 3;
  private static final int SUSPEND = 0;
  private static final int RESUME = 1;

  private NodeMessages() {}

  /** REQUEST_BATCH_JOB_LAUNCH in the release of the batch host. */
  static Message batchLaunch(
      ClusterState state,
      Job job,
      Identity identity,
      Release release,
      byte[] script,
      byte[] environment) {
    JobRequest request = job.request();
    Allocation allocation = Credentials.allocation(job);
    Runs cpus = new Runs();
    for (NodeAllocation share : allocation.nodes()) {
      cpus.add(share.cpuCount());
    }
    List<String> variables =
        new ArrayList<>(BatchEnvironment.of(job, JobText.toEnvironment(environment), release));
    if (HetGroups.isLeader(job)) {
      variables.addAll(HetEnvironment.of(HetGroups.of(state, job)));
    }
    BatchJobLaunch body =
        BatchJobLaunch.builder()
            .jobId(job.id())
            .hetJobId(HetGroups.leaderOf(job))
            .userId(request.userId())
            .groupId(request.groupId())
            .partition(job.partition().value())
            .taskCount(Credentials.taskCount(job))
            .minMemoryPerNodeMib(minMemory(request))
            .openMode(request.openMode())
            .overcommit(request.overcommit() ? 1 : 0)
            .arrayJobId(job.arrayTaskId() == NoVal.NO_VAL ? JobId.of(0) : job.arrayJobId())
            .arrayTaskId(job.arrayTaskId())
            .container(request.container())
            .cpusPerTask(request.cpusPerTask() == NoVal.NO_VAL16 ? 1 : request.cpusPerTask())
            .restartCount(job.restartCount())
            .coreSpec(0)
            .cpuGroupCount(cpus.size())
            .cpusPerNode(cpus.ints(0))
            .cpuCountRepetitions(cpus.repetitions())
            .cpuBind(request.cpuBind())
            .nodes(Credentials.hosts(job))
            .script(JobText.toScript(script))
            .workDirectory(request.workDir())
            .standardError(request.standardError())
            .standardInput(request.standardInput())
            .standardOutput(Credentials.standardOutput(job, release))
            .argumentCount(request.arguments().size())
            .arguments(request.arguments())
            .spankEnvironment(request.spankEnvironment())
            .environmentCount(variables.size())
            .environment(variables)
            .jobMemoryMib(minMemory(request))
            .credentialVersion(release.protocolVersion())
            .credential(Credentials.batch(state, job, identity, release))
            .selectPluginId(SelectPlugin.idOf(state.config()))
            .account(request.account())
            .qos(request.qos())
            .reservation(request.reservation())
            .profile(request.profile())
            .tresBind(request.tresBind())
            .tresFrequency(request.tresFrequency())
            .tresPerTask(request.tresPerTask())
            .cpuFrequencyMin(request.cpuFrequencyMin())
            .cpuFrequencyMax(request.cpuFrequencyMax())
            .cpuFrequencyGovernor(request.cpuFrequencyGovernor())
            .build();
    return new Message(MessageType.REQUEST_BATCH_JOB_LAUNCH, body);
  }

  /** REQUEST_LAUNCH_PROLOG. */
  static Message prologLaunch(ClusterState state, Job job, Identity identity, Release release) {
    JobRequest request = job.request();
    PrologLaunch body =
        PrologLaunch.builder()
            .jobId(job.id())
            .hetJobId(HetGroups.leaderOf(job))
            .userId(request.userId())
            .groupId(request.groupId())
            .nodes(Credentials.hosts(job))
            .standardError(request.standardError())
            .standardOutput(Credentials.standardOutput(job, release))
            .workDirectory(request.workDir())
            .x11(request.x11())
            .x11AllocHost(request.x11() == 0 ? null : request.responseHost())
            .x11AllocPort(request.x11() == 0 ? 0 : request.otherPort())
            .x11MagicCookie(request.x11MagicCookie())
            .x11Target(request.x11Target())
            .x11TargetPort(request.x11TargetPort())
            .spankEnvironment(request.spankEnvironment())
            .credential(Credentials.prolog(state, job, identity, release))
            .userName(identity.userName())
            .build();
    return new Message(MessageType.REQUEST_LAUNCH_PROLOG, body);
  }

  /**
   * REQUEST_TERMINATE_JOB and its kin. The time is that of the debt: what was launched up to then
   * will not start, however late this arrives.
   */
  static Message kill(
      ClusterState state,
      Effect effect,
      Job job,
      Identity identity,
      Release release,
      EffectKind kind) {
    JobRequest request = job.request();
    KillJob body =
        KillJob.builder()
            .hasCredential(true)
            .credential(Credentials.kill(state, job, identity, release, effect.madeAt()))
            .details(kind == EffectKind.TERMINATE_JOB ? null : job.stateDescription())
            .derivedExitCode(job.derivedExitCode())
            .exitCode(job.exitCode())
            .stepId(Credentials.step(job, NoVal.NO_VAL))
            .jobState(job.state().value() | job.stateFlags())
            .userId(request.userId())
            .groupId(request.groupId())
            .nodes(Credentials.hosts(job))
            .selectPluginId(SelectPlugin.idOf(state.config()))
            .spankEnvironment(request.spankEnvironment())
            .startTime(Credentials.seconds(job.startTime()))
            .time(Credentials.seconds(effect.madeAt()))
            .workDirectory(request.workDir())
            .build();
    return new Message(type(kind), body);
  }

  /** REQUEST_ABORT_JOB for a job that is not here, or not there. */
  static Message abort(ClusterState state, Effect effect) {
    KillJob body =
        KillJob.builder()
            .hasCredential(false)
            .nodes(HostList.of(effect.nodes().stream().map(NodeName::value).toList()).ranged())
            .stepId(Credentials.step(effect.jobId(), NoVal.NO_VAL))
            .selectPluginId(SelectPlugin.idOf(state.config()))
            .time(Credentials.seconds(effect.madeAt()))
            .build();
    return new Message(MessageType.REQUEST_ABORT_JOB, body);
  }

  /** REQUEST_KILL_TIMELIMIT for a step alone: its node signals it, and kills it after KillWait. */
  static Message stepTimeLimit(ClusterState state, Effect effect, Job job) {
    KillJob body =
        KillJob.builder()
            .hasCredential(false)
            .details(job.stateDescription())
            .stepId(
                StepId.builder()
                    .jobId(job.id())
                    .stepId(effect.stepId())
                    .stepHetComponent(effect.hetComponent())
                    .build())
            .jobState(job.state().value() | job.stateFlags())
            .userId(job.request().userId())
            .groupId(job.request().groupId())
            .nodes(Credentials.hosts(job))
            .selectPluginId(SelectPlugin.idOf(state.config()))
            .startTime(Credentials.seconds(job.startTime()))
            .time(Credentials.seconds(effect.madeAt()))
            .build();
    return new Message(MessageType.REQUEST_KILL_TIMELIMIT, body);
  }

  /** REQUEST_SIGNAL_TASKS: for a step, the batch script, the steps, or all of a job. */
  static Message signal(Effect effect, long maxStepCount) {
    int flags = (int) effect.flags() & 0xffff;
    long step = effect.stepId();
    if (step == NoVal.NO_VAL && (flags & BATCH_ONLY) != 0) {
      step = Credentials.BATCH_STEP;
    } else if (step == NoVal.NO_VAL) {
      // a number that no step has: the flags choose
      step = maxStepCount + 1;
      flags = (flags & (FULL_JOB | STEPS_ONLY)) == 0 ? STEPS_ONLY : flags;
    }
    SignalTasks body =
        SignalTasks.builder()
            .stepId(
                StepId.builder()
                    .jobId(effect.jobId())
                    .stepId(step)
                    .stepHetComponent(effect.hetComponent())
                    .build())
            .flags(flags)
            .signal(effect.signal())
            .build();
    boolean end = effect.kind() == EffectKind.TERMINATE_STEP;
    return new Message(
        end ? MessageType.REQUEST_TERMINATE_TASKS : MessageType.REQUEST_SIGNAL_TASKS, body);
  }

  /** REQUEST_SUSPEND_INT. */
  static Message suspend(Effect effect, Job job) {
    SuspendInternal body =
        SuspendInternal.builder()
            .indefinite(1)
            .coreSpec(job.request().coreSpecialization())
            .jobId(effect.jobId())
            .stepId(Credentials.step(effect.jobId(), NoVal.NO_VAL))
            .operation(effect.kind() == EffectKind.SUSPEND_JOB ? SUSPEND : RESUME)
            .build();
    return new Message(MessageType.REQUEST_SUSPEND_INT, body);
  }

  /** REQUEST_JOB_NOTIFY. */
  static Message notice(Effect effect) {
    JobNotify body =
        JobNotify.builder()
            .stepId(Credentials.step(effect.jobId(), NoVal.NO_VAL))
            .message(effect.text())
            .build();
    return new Message(MessageType.REQUEST_JOB_NOTIFY, body);
  }

  /** REQUEST_REBOOT_NODES. */
  static Message reboot(Effect effect) {
    RebootNodesRequest body = RebootNodesRequest.builder().features(effect.text()).build();
    return new Message(MessageType.REQUEST_REBOOT_NODES, body);
  }

  private static MessageType type(EffectKind kind) {
    if (kind == EffectKind.KILL_TIME_LIMIT) {
      return MessageType.REQUEST_KILL_TIMELIMIT;
    }
    return kind == EffectKind.KILL_PREEMPTED
        ? MessageType.REQUEST_KILL_PREEMPTED
        : MessageType.REQUEST_TERMINATE_JOB;
  }

  /** As on the wire: the top bit says that it is for each CPU. */
  private static long minMemory(JobRequest request) {
    return request.memoryPerCpu() ? request.memoryMiB() | 1L << 63 : request.memoryMiB();
  }
}
