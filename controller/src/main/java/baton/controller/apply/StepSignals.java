package baton.controller.apply;

import baton.controller.command.SignalJob;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Step;
import baton.controller.model.StepKey;
import baton.controller.model.StepShare;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.StepId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What the nodes and the srun of a step are told: signals, that it is over, that srun may ask
 * again.
 *
 * <p>Source of the behaviour: 22.05 src/slurmctld/step_mgr.c, srun_comm.c.
 */
final class StepSignals {
  private static final int SIGKILL = 9;

  /** slurm.h KILL_FULL_JOB: every step. */
  private static final long FULL_JOB = 1 << 3;

  /** slurm.h KILL_OOM. */
  private static final long OUT_OF_MEMORY = 1 << 6;

  private static final long OUT_OF_MEMORY_STATUS = 253;

  /** step_retry_count and step_retry_time of SchedulerParameters. */
  private static final int WOKEN_AT_ONCE = 8;

  private static final int OLD_SECONDS = 60;

  private StepSignals() {}

  /** scancel JOB.STEP. */
  static Reply signal(Change change, SignalJob command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    boolean owner = command.caller().uid().equals(job.request().userId());
    if (!owner && !command.caller().superUser()) {
      return Reply.rejected(
          StandIn.isAtLeast(change.config(), Release.V25_05)
              ? SlurmError.ESLURM_ACCESS_DENIED
              : SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (JobLifecycle.isFinished(job)) {
      return Reply.rejected(SlurmError.ESLURM_ALREADY_DONE);
    }
    if (!JobLifecycle.isRunning(job)) {
      return Reply.rejected(SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE);
    }
    boolean all = (command.flags() & FULL_JOB) != 0;
    boolean found = false;
    for (Step step : change.stepsOf(job.id())) {
      boolean meant = all || step.stepId() == command.stepId();
      if (meant && step.state() != JobState.PENDING) {
        found = true;
        signal(change, command, step);
      }
    }
    if (!found && isImplied(job, command.stepId())) {
      signalImplied(change, command, job);
      found = true;
    }
    return found ? Reply.ACCEPTED : Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
  }

  private static void signal(Change change, SignalJob command, Step step) {
    Step.Builder next = step.toBuilder();
    if ((command.flags() & OUT_OF_MEMORY) != 0) {
      next.exitCode(OUT_OF_MEMORY_STATUS);
    }
    if (command.signal() == SIGKILL) {
      next.requesterUid(command.caller().uid());
      tell(change, step, EffectKind.CLIENT_JOB_COMPLETE, 0);
    }
    change.put(next.build());
    owe(change, step, EffectKind.SIGNAL_JOB, command.signal());
  }

  /** The batch script and the extern step have no record. */
  private static boolean isImplied(Job job, long stepId) {
    return (stepId == StepId.BATCH.value() && job.request().batch())
        || (stepId == StepId.EXTERN.value() && !job.allocation().isEmpty());
  }

  private static void signalImplied(Change change, SignalJob command, Job job) {
    List<NodeName> all =
        job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList();
    boolean batch = command.stepId() == StepId.BATCH.value();
    change.owe(
        Effect.builder()
            .kind(EffectKind.SIGNAL_JOB)
            .jobId(job.id())
            .stepId(command.stepId())
            .restartCount(job.restartCount())
            .signal(command.signal())
            .nodes(batch ? List.of(job.batchHost()) : all));
  }

  /** Owes something to each node of a step. */
  static void owe(Change change, Step step, EffectKind kind, int signal) {
    owe(change, step, kind, signal, step.shares().stream().map(StepShare::node).toList());
  }

  static void owe(Change change, Step step, EffectKind kind, int signal, List<NodeName> nodes) {
    Job job = change.job(step.jobId());
    change.owe(
        Effect.builder()
            .kind(kind)
            .jobId(job.id())
            .stepId(step.stepId())
            .hetComponent(step.hetComponent())
            .restartCount(job.restartCount())
            .signal(signal)
            .nodes(nodes));
  }

  /** The job ends: each srun hears of it. */
  static void jobEnds(Change change, Job job) {
    for (Step step : change.stepsOf(job.id())) {
      if (step.state() != JobState.PENDING) {
        tell(change, step, EffectKind.CLIENT_JOB_COMPLETE, 0);
      }
    }
  }

  /** A step has ended: some of those that wait may have room now; nobody knows which. */
  static void wake(Change change, JobId jobId) {
    Job job = change.job(jobId);
    if (!JobLifecycle.isRunning(job)) {
      return;
    }
    int count = (int) setting(change, "step_retry_count", WOKEN_AT_ONCE);
    long age = setting(change, "step_retry_time", OLD_SECONDS);
    Instant old = change.now().minusSeconds(age);
    List<Step> waiting =
        change.stepsOf(jobId).stream()
            .filter(step -> step.state() == JobState.PENDING)
            .sorted(Comparator.comparing(Step::lastActive))
            .toList();
    for (int i = 0; i < waiting.size(); i++) {
      Step step = waiting.get(i);
      if (i < count || !step.lastActive().isAfter(old)) {
        tryAgain(change, step);
        change.removeStep(StepKey.of(step));
      }
    }
  }

  private static long setting(Change change, String option, long otherwise) {
    double given =
        Settings.number(change.config(), "SchedulerParameters", option, (double) otherwise);
    return given >= 1 && given <= Integer.MAX_VALUE ? (long) given : otherwise;
  }

  /** srun is to ask for its step again: signal 0. */
  static void tryAgain(Change change, Step step) {
    tell(change, step, EffectKind.CLIENT_STEP_SIGNAL, 0);
  }

  /** A node does not know the step. */
  static void missing(Change change, Step step, NodeName node) {
    tell(change, step, EffectKind.CLIENT_STEP_MISSING, 0, node.value());
  }

  private static void tell(Change change, Step step, EffectKind kind, int signal) {
    tell(change, step, kind, signal, null);
  }

  private static void tell(Change change, Step step, EffectKind kind, int signal, String text) {
    String host = step.request().host();
    Job job = change.job(step.jobId());
    if (host == null || host.isEmpty() || step.request().port() == 0) {
      return;
    }
    Node node = change.node(NodeName.of(host));
    boolean waits = step.state() == JobState.PENDING;
    change.owe(
        Effect.builder()
            .kind(kind)
            .jobId(job.id())
            .stepId(step.stepId())
            .hetComponent(waits ? NoVal.NO_VAL : step.hetComponent())
            .restartCount(job.restartCount())
            .signal(signal)
            .text(text)
            .host(node == null ? host : node.definition().address())
            .port(step.request().port())
            .userId(job.request().userId())
            .protocolVersion(step.protocolVersion()));
  }
}
