package baton.controller.apply;

import baton.controller.command.SuspendJob;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Step;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Stopping a job's processes and letting them go on. A stopped job keeps its memory and gives its
 * cores to others; when it goes on it has them back, even if others still run there, as in
 * slurmctld. The time that it was stopped does not count against its limit.
 */
final class Suspension {
  private Suspension() {}

  static Reply change(Change change, SuspendJob command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    boolean owner = command.caller().uid().equals(job.request().userId());
    boolean may = owner && StandIn.isAtLeast(change.config(), Release.V26_05);
    if (!may && !command.caller().operator()) {
      return Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED);
    }
    if (JobLifecycle.isPending(job)) {
      return Reply.rejected(SlurmError.ESLURM_JOB_PENDING);
    }
    if (JobLifecycle.isFinished(job)) {
      return Reply.rejected(SlurmError.ESLURM_ALREADY_DONE);
    }
    return command.resume() ? resume(change, job) : suspend(change, job);
  }

  private static Reply suspend(Change change, Job job) {
    if (JobLifecycle.isSuspended(job)) {
      return Reply.ACCEPTED;
    }
    Instant since = job.suspendTime() != null ? job.suspendTime() : job.startTime();
    long ranSeconds = Math.max(0, Duration.between(since, change.now()).toSeconds());
    change.put(
        job.toBuilder()
            .state(JobState.SUSPENDED)
            .priority(0)
            .suspendTime(change.now())
            .beforeSuspendSeconds(job.beforeSuspendSeconds() + ranSeconds));
    tell(change, job, EffectKind.SUSPEND_JOB, EffectKind.RESUME_JOB);
    return Reply.ACCEPTED;
  }

  private static Reply resume(Change change, Job job) {
    if (!JobLifecycle.isSuspended(job)) {
      return Reply.rejected(SlurmError.ESLURM_JOB_NOT_SUSPENDED);
    }
    for (NodeName name : nodes(job)) {
      Node node = change.node(name);
      if (node == null || NodeLifecycle.isDown(node)) {
        return Reply.rejected(SlurmError.SLURM_ERROR);
      }
    }
    Job.Builder next =
        job.toBuilder()
            .state(JobState.RUNNING)
            .priority(JobUpdates.fresh(change, job.request()))
            .suspendTime(change.now());
    if (job.timeLimitMinutes() != NoVal.INFINITE) {
      long leftSeconds = job.timeLimitMinutes() * 60 - job.beforeSuspendSeconds();
      next.endTime(change.now().plusSeconds(leftSeconds));
    }
    change.put(next);
    long stoodSeconds = Duration.between(job.suspendTime(), change.now()).toSeconds();
    for (Step step : change.stepsOf(job.id())) {
      if (step.state() == JobState.RUNNING) {
        long seconds = step.suspendedSeconds() + stoodSeconds;
        change.put(step.toBuilder().suspendedSeconds(seconds).build());
      }
    }
    tell(change, job, EffectKind.RESUME_JOB, EffectKind.SUSPEND_JOB);
    return Reply.ACCEPTED;
  }

  /** The last word is owed; an earlier one that was not heard yet is void. */
  private static void tell(Change change, Job job, EffectKind kind, EffectKind before) {
    for (Effect effect : change.effectsOf(job.id())) {
      if (effect.kind() == before) {
        change.settle(effect.id());
      }
    }
    change.owe(
        Effect.builder()
            .kind(kind)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .nodes(nodes(job)));
  }

  private static List<NodeName> nodes(Job job) {
    return job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList();
  }
}
