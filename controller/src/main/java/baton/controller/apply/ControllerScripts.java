package baton.controller.apply;

import baton.controller.command.ScriptEnded;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.List;

/**
 * PrologSlurmctld and EpilogSlurmctld: run by the leader, on the controller's host. Nothing is
 * launched before the prolog has ended well; a job stays COMPLETING until its epilog has ended.
 */
final class ControllerScripts {
  private ControllerScripts() {}

  static boolean hasProlog(Change change) {
    return !Settings.value(change.config(), "PrologSlurmctld").isEmpty();
  }

  static void oweProlog(Change change, Job job) {
    owe(change, job, EffectKind.RUN_PROLOG, "prolog_slurmctld", false);
  }

  /** Owes the epilog of a job that has just ended, if there is one. */
  static void oweEpilog(Change change, Job job) {
    if (!Settings.value(change.config(), "EpilogSlurmctld").isEmpty()) {
      owe(change, job, EffectKind.RUN_EPILOG, "epilog_slurmctld", true);
    }
  }

  private static void owe(Change change, Job job, EffectKind kind, String context, boolean ended) {
    List<String> environment = new ArrayList<>(ScriptEnvironment.of(change.config(), job, ended));
    environment.add("SLURM_SCRIPT_CONTEXT=" + context);
    change.owe(
        Effect.builder()
            .kind(kind)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .environment(environment));
  }

  static Reply ended(Change change, ScriptEnded command) {
    Effect effect = change.effect(command.effectId());
    if (effect == null) {
      return Reply.ACCEPTED;
    }
    change.settle(effect.id());
    Job job = change.job(effect.jobId());
    if (job == null) {
      return Reply.ACCEPTED;
    }
    if (effect.kind() == EffectKind.RUN_EPILOG) {
      Ending.epilogRan(change, job);
    }
    boolean waits =
        effect.kind() == EffectKind.RUN_PROLOG
            && job.restartCount() == effect.restartCount()
            && JobLifecycle.isRunning(job)
            && JobLifecycle.isConfiguring(job);
    if (waits && command.failed()) {
      failed(change, job);
    } else if (waits) {
      Starting.launch(change, job);
    }
    return Reply.ACCEPTED;
  }

  /** A job whose prolog failed is queued again, or cancelled if it may not be. */
  private static void failed(Change change, Job job) {
    if (job.request().batch() && job.request().requeue()) {
      Requeueing.afterNodeFault(change, job);
    } else {
      Job cancelled = job.toBuilder().requesterUid(Uid.ROOT).build();
      Ending.end(change, cancelled, JobState.CANCELLED, EffectKind.TERMINATE_JOB);
    }
  }
}
