package baton.controller.apply;

import baton.controller.command.StepCompleted;
import baton.controller.command.UpdateStep;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.model.RunningStep;
import baton.controller.model.Step;
import baton.controller.model.StepFlag;
import baton.controller.model.StepKey;
import baton.controller.model.StepShare;
import baton.protocol.error.SlurmError;
import baton.protocol.type.BitString;
import baton.protocol.type.NoVal;
import baton.protocol.type.StepId;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;

/** What becomes of steps: their nodes report the end, limits change, jobs end around them. */
public final class Steps {
  /** Wait status of a step that ran out of memory; it outranks any other. */
  private static final long OUT_OF_MEMORY = 253;

  private static final int SIGKILL = 9;
  private static final long KILLED = 9;

  private Steps() {}

  static Reply completed(Change change, StepCompleted command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    if (JobLifecycle.isPending(job)) {
      return Reply.rejected(SlurmError.ESLURM_JOB_PENDING);
    }
    if (command.stepId() == StepId.EXTERN.value()) {
      return Reply.ACCEPTED;
    }
    Step step = change.step(new StepKey(job.id(), command.stepId(), command.hetComponent(), 0));
    if (step == null || step.state() == JobState.PENDING) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    int nodes = step.shares().size();
    if (command.firstNode() > command.lastNode() || command.lastNode() >= nodes) {
      return Reply.rejected(SlurmError.EINVAL);
    }
    BitSet exited = exited(step);
    exited.set((int) command.firstNode(), (int) command.lastNode() + 1);
    Step told =
        step.toBuilder()
            .exitedNodes(BitString.of(nodes, exited))
            .exitCode(worse(step.exitCode(), command.waitStatus()))
            .lastActive(change.now())
            .build();
    if (exited.cardinality() < nodes) {
      change.put(told);
    } else {
      end(change, job, told);
      StepSignals.wake(change, job.id());
    }
    return Reply.ACCEPTED;
  }

  private static BitSet exited(Step step) {
    return step.exitedNodes() == null ? new BitSet() : step.exitedNodes().toBitSet();
  }

  private static long worse(long known, long told) {
    return known == NoVal.NO_VAL || told == OUT_OF_MEMORY || told > known ? told : known;
  }

  /** The step's record goes; what it leaves is the exit code. */
  private static void end(Change change, Job job, Step step) {
    change.removeStep(StepKey.of(step));
    boolean worse =
        step.exitCode() == OUT_OF_MEMORY
            || (step.exitCode() != NoVal.NO_VAL && step.exitCode() > job.derivedExitCode());
    if (worse) {
      change.put(job.toBuilder().derivedExitCode(step.exitCode()));
    }
  }

  static Reply update(Change change, UpdateStep command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    boolean owner = command.caller().uid().equals(job.request().userId());
    if (!owner && !command.caller().operator()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    boolean all = command.stepId() == NoVal.NO_VAL;
    boolean found = all;
    for (Step step : change.stepsOf(job.id())) {
      if (all ? step.state() == JobState.RUNNING : step.stepId() == command.stepId()) {
        found = true;
        if (all || command.timeLimitMinutes() != 0) {
          change.put(step.toBuilder().timeLimitMinutes(command.timeLimitMinutes()).build());
        }
      }
    }
    return found ? Reply.ACCEPTED : Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
  }

  /** True if a step has run for as long as it may; the leader asks before it speaks. */
  public static boolean isDue(Step step, Job job, Instant now) {
    return step.state() == JobState.RUNNING
        && step.timeLimitMinutes() != NoVal.INFINITE
        && step.timeLimitMinutes() != NoVal.NO_VAL
        && JobLifecycle.isRunning(job)
        && !step.startTime()
            .plusSeconds(step.suspendedSeconds() + step.timeLimitMinutes() * 60)
            .isAfter(now);
  }

  /** A step's time is up: its nodes end it as they end a job. */
  static void timeOut(Change change, Step step) {
    change.put(step.toBuilder().state(JobState.TIMEOUT).build());
    StepSignals.owe(change, step, EffectKind.KILL_STEP_TIME_LIMIT, 0);
  }

  /**
   * A node was taken from a running job: for its steps it has ended, and with it the whole step,
   * unless the step is to outlive nodes.
   *
   * @param failed false when the node was given up rather than lost
   */
  static void nodeLost(Change change, Job job, NodeName node, boolean failed) {
    for (Step step : change.stepsOf(job.id())) {
      int number = step.shares().stream().map(StepShare::node).toList().indexOf(node);
      if (step.state() != JobState.RUNNING || number < 0) {
        continue;
      }
      int nodes = step.shares().size();
      BitSet exited = exited(step);
      exited.set(number);
      change.put(
          step.toBuilder()
              .exitedNodes(BitString.of(nodes, exited))
              .exitCode(worse(step.exitCode(), KILLED))
              .build());
      boolean whole = failed && (step.request().flags() & StepFlag.NO_KILL) == 0;
      List<NodeName> told =
          whole ? step.shares().stream().map(StepShare::node).toList() : List.of(node);
      StepSignals.owe(change, step, EffectKind.TERMINATE_STEP, SIGKILL, told);
    }
  }

  /**
   * A node listed what runs there, and some steps that should be are not: their sruns are told, who
   * can look whether that is so, and end the step.
   *
   * @param known steps made before this must be in the list
   */
  static void notSeen(Change change, NodeName node, List<RunningStep> alive, Instant known) {
    for (Holding holding : change.holdingsOn(node)) {
      for (Step step : change.stepsOf(holding.jobId())) {
        int number = step.shares().stream().map(StepShare::node).toList().indexOf(node);
        boolean over = number < 0 || exited(step).get(number);
        boolean old = step.lastActive() != null && step.lastActive().isBefore(known);
        if (step.state() == JobState.RUNNING
            && !over
            && old
            && alive.stream().noneMatch(there -> isSame(there, step))) {
          StepSignals.missing(change, step, node);
        }
      }
    }
  }

  /**
   * A node does not know the step, and its srun is not there to be told: for that node it is over.
   * So ends a step whose srun never had the answer, since the controller died before it.
   */
  static void abandoned(Change change, Job job, Effect missing) {
    StepKey key = new StepKey(job.id(), missing.stepId(), missing.hetComponent(), 0);
    Step step = change.step(key);
    if (step == null || step.state() != JobState.RUNNING || !JobLifecycle.isRunning(job)) {
      return;
    }
    int nodes = step.shares().size();
    int number =
        step.shares().stream().map(share -> share.node().value()).toList().indexOf(missing.text());
    if (number < 0) {
      return;
    }
    BitSet exited = exited(step);
    exited.set(number);
    Step told = step.toBuilder().exitedNodes(BitString.of(nodes, exited)).build();
    if (exited.cardinality() < nodes) {
      change.put(told);
    } else {
      end(change, job, told);
      StepSignals.wake(change, job.id());
    }
  }

  private static boolean isSame(RunningStep there, Step step) {
    return there.jobId().equals(step.jobId()) && there.stepId() == step.stepId();
  }

  /** The job's nodes have cleaned up: its steps are gone. */
  static void endAll(Change change, Job job) {
    for (Step step : change.stepsOf(job.id())) {
      if (step.state() == JobState.PENDING) {
        StepSignals.tryAgain(change, step);
        change.removeStep(StepKey.of(step));
      } else {
        end(change, change.job(job.id()), step);
      }
    }
  }
}
