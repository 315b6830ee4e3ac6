package baton.controller.apply;

import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.EffectAnswered;
import baton.controller.command.LaunchDoubted;
import baton.controller.command.LaunchLost;
import baton.controller.command.LaunchesSending;
import baton.controller.command.PrologCompleted;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import java.util.List;

/** What nodes answer to launches, prologs and signals. */
final class Launching {
  /** Wait status that slurmctld records for a launch that a node refused: exit code 1. */
  private static final long REFUSED_WAIT_STATUS = 1 << 8;

  private Launching() {}

  static Reply sending(Change change, LaunchesSending command) {
    for (EffectId id : command.effects()) {
      Effect effect = change.effect(id);
      Job job = effect == null ? null : change.job(effect.jobId());
      if (job != null && job.launchState() == LaunchState.OWED) {
        change.put(job.toBuilder().launchState(LaunchState.SENDING));
      }
    }
    return Reply.ACCEPTED;
  }

  /** The first to doubt counts: who leads later goes on from there. */
  static Reply doubted(Change change, LaunchDoubted command) {
    Job job = inDoubt(change, change.effect(command.effectId()));
    if (job != null && job.launchDoubtTime() == null) {
      change.put(job.toBuilder().launchDoubtTime(change.now()));
    }
    return Reply.ACCEPTED;
  }

  /** The running job whose launch this is, sent or not, and not answered; null if there is none. */
  private static Job inDoubt(Change change, Effect effect) {
    Job job = effect == null ? null : change.job(effect.jobId());
    return job != null
            && effect.kind() == EffectKind.LAUNCH_BATCH
            && job.restartCount() == effect.restartCount()
            && job.launchState() == LaunchState.SENDING
            && JobLifecycle.isRunning(job)
        ? job
        : null;
  }

  /**
   * Ends an attempt that may or may not have reached its node: the kill revokes its credential
   * there, so that it can never start later, and only then is the job queued again.
   */
  static Reply lost(Change change, LaunchLost command) {
    Job job = inDoubt(change, change.effect(command.effectId()));
    if (job == null) {
      return Reply.ACCEPTED;
    }
    Job again = job.toBuilder().restartCount(job.restartCount() + 1).warnSent(false).build();
    Ending.end(change, again, JobState.PENDING, EffectKind.TERMINATE_JOB);
    return Reply.ACCEPTED;
  }

  /** True while nothing is known of what became of the launch. */
  static boolean isUnanswered(Job job) {
    return job.launchState() == LaunchState.OWED || job.launchState() == LaunchState.SENDING;
  }

  /**
   * True while a node that speaks of the job's script means that of an earlier run, which it has
   * not done with: this run's was not sent anywhere yet.
   */
  static boolean isAnEarlierRuns(Job job) {
    return job.launchState() == LaunchState.OWED && job.restartCount() > 0;
  }

  static Reply launchAnswered(Change change, BatchLaunchAnswered command) {
    Job job = change.job(command.jobId());
    Effect effect = change.effect(command.effectId());
    boolean current =
        job != null
            && effect != null
            && effect.kind() == EffectKind.LAUNCH_BATCH
            && job.restartCount() == command.restartCount()
            && isUnanswered(job)
            && command.node().equals(job.batchHost());
    if (!current) {
      return Reply.ACCEPTED;
    }
    change.settle(effect.id());
    long code = command.returnCode();
    if (code == 0 || code == SlurmError.ESLURM_DUPLICATE_JOB_ID.number()) {
      // a registration that is on its way may be older than this: it has a grace from here on
      change.put(job.toBuilder().launchState(LaunchState.ACCEPTED).launchAnswerTime(change.now()));
      return Reply.ACCEPTED;
    }
    launchFailed(change, job, code);
    return Reply.ACCEPTED;
  }

  /** The node will not run the script: requeue held if its prolog failed, else the job fails. */
  private static void launchFailed(Change change, Job job, long code) {
    if (code == SlurmError.ESLURMD_PROLOG_FAILED.number() && job.request().requeue()) {
      Job held =
          job.toBuilder()
              .restartCount(job.restartCount() + 1)
              .priority(0)
              .reason(JobReason.HELD_BY_USER)
              .stateDescription("launch failed requeued held")
              .build();
      Ending.end(change, held, JobState.PENDING, EffectKind.TERMINATE_JOB);
      return;
    }
    Job failed =
        job.toBuilder()
            .launchState(LaunchState.ENDED)
            .exitCode(REFUSED_WAIT_STATUS)
            .reason(JobReason.LAUNCH_FAILURE)
            .build();
    Ending.end(change, failed, JobState.FAILED, EffectKind.TERMINATE_JOB);
  }

  static Reply prologCompleted(Change change, PrologCompleted command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    List<NodeName> left =
        job.prologNodes().stream().filter(node -> !node.equals(command.node())).toList();
    if (left.size() != job.prologNodes().size()) {
      boolean over = left.isEmpty() && job.reason() == JobReason.PROLOG;
      change.put(job.toBuilder().prologNodes(left).reason(over ? JobReason.NONE : job.reason()));
    }
    for (Effect effect : change.effectsOf(job.id())) {
      if (effect.kind() == EffectKind.LAUNCH_PROLOG) {
        Effects.answeredBy(change, effect, command.node());
      }
    }
    if (command.returnCode() != 0 && JobLifecycle.isRunning(job)) {
      NodeHealth.drain(change, command.node(), "Prolog error");
      if (job.request().batch()) {
        launchFailed(change, change.job(job.id()), SlurmError.ESLURMD_PROLOG_FAILED.number());
      }
      // an allocation is ended by its slurmd, which tells the user why and then kills the job
    }
    return Reply.ACCEPTED;
  }

  static Reply effectAnswered(Change change, EffectAnswered command) {
    for (NodeName node : command.nodes()) {
      Effect effect = change.effect(command.effectId());
      if (effect == null) {
        return Reply.ACCEPTED;
      }
      boolean terminates =
          effect.kind() == EffectKind.TERMINATE_JOB || effect.kind() == EffectKind.KILL_TIME_LIMIT;
      if (effect.kind() == EffectKind.ABORT_JOB) {
        // Others are also reported when they have become void and nobody was asked.
        NodeHealth.heard(change, node);
      }
      if (effect.kind() == EffectKind.SIGNAL_JOB) {
        Signalling.passed(change, effect);
      }
      if (!terminates) {
        Effects.answeredBy(change, effect, node);
      } else if (command.returnCode() == SlurmError.ESLURMD_KILL_JOB_ALREADY_COMPLETE.number()) {
        Job job = change.job(effect.jobId());
        if (job != null) {
          Ending.cleanedUp(change, job, node);
        }
      }
    }
    return Reply.ACCEPTED;
  }
}
