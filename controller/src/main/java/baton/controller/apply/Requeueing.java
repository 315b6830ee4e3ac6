package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.RequeueJob;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.ClusterConfig;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.protocol.error.SlurmError;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.List;

/** Putting a batch job back into the queue. */
final class Requeueing {
  /**
   * A requeued job's new credential must be younger than the revocation that its old one left on
   * the nodes; slurmctld waits for the credential's lifetime (120 s, or what AuthInfo's cred_expire
   * says) and a second.
   */
  private static final long CREDENTIAL_LIFETIME_SECONDS = 120;

  /**
   * An attempt that was fenced before any sign of its script waits for so many times
   * MessageTimeout: each message that ended it and was given up may come late, and would end the
   * next one. That is longer, too, than slurmd needs to forget an old revocation (2 s).
   */
  private static final long MESSAGES_AFTER_FENCE = 3;

  private static final long LEAST_AFTER_FENCE_SECONDS = 4;

  /** The bits of a state that are not flags. */
  private static final long BASE_STATE = 0xff;

  private Requeueing() {}

  static Reply requeue(Change change, RequeueJob command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    SlurmError refusal = refusal(change, job, command);
    if (refusal != null) {
      return refusal == SlurmError.SLURM_SUCCESS ? Reply.ACCEPTED : Reply.rejected(refusal);
    }
    boolean completing = JobLifecycle.isCompleting(job);
    boolean holding = JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job);
    Job.Builder next =
        job.toBuilder()
            .restartCount(job.restartCount() + 1)
            .beforeSuspendSeconds(0)
            .warnSent(false);
    if (!isOfUnansweredLaunch(job, command)) {
      heldIfAsked(next, command.flags());
    }
    if (holding) {
      Ending.end(change, next.build(), JobState.PENDING, EffectKind.TERMINATE_JOB);
      return Reply.ACCEPTED;
    }
    next.state(JobState.PENDING);
    Mail.ended(change, next.build());
    if (!completing) {
      makeNew(change, next);
    }
    change.put(next);
    return Reply.ACCEPTED;
  }

  /**
   * slurmd gives a launch up when the controller that sent it is gone before its answer, and asks
   * to hold the job. Nothing is wrong with the job, nor with the node: it may run again. A launch
   * whose prolog failed had been answered before.
   */
  private static boolean isOfUnansweredLaunch(Job job, RequeueJob command) {
    return (command.flags() & JobFlag.LAUNCH_FAILED) != 0
        && command.caller().operator()
        && job.launchState() == LaunchState.SENDING;
  }

  /** A job whose node failed under it goes back into the queue once its nodes have cleaned up. */
  static void afterNodeFault(Change change, Job job) {
    Job next = job.toBuilder().restartCount(job.restartCount() + 1).warnSent(false).build();
    Ending.end(change, next, JobState.PENDING, EffectKind.TERMINATE_JOB);
  }

  /** The same for a script that was lost or could not end; held when that happens too often. */
  static void afterScriptFault(Change change, Job job) {
    int failures = job.batchFailures() + 1;
    boolean tooOften = failures >= change.config().maxBatchRequeue();
    Job.Builder next = job.toBuilder().batchFailures(tooOften ? 0 : failures);
    if (tooOften) {
      next.stateFlags(job.stateFlags() | JobFlag.REQUEUE_HOLD)
          .priority(0)
          .reason(JobReason.MAX_REQUEUE)
          .stateDescription(null);
    }
    afterNodeFault(change, next.build());
  }

  /**
   * What a job becomes whose exit code is listed in RequeueExit or RequeueExitHold, once its nodes
   * have cleaned up; false if it is not listed.
   */
  static boolean byExitCode(Change change, Job job, Job.Builder next) {
    boolean ended =
        JobLifecycle.isFinished(job) && job.state() != JobState.CANCELLED && job.request().batch();
    long exitCode = (job.exitCode() >> 8) & 0xff;
    boolean again = isListed(change.config().requeueExit(), exitCode);
    boolean held = !again && isListed(change.config().requeueExitHold(), exitCode);
    if (!ended || (!again && !held)) {
      return false;
    }
    next.state(JobState.PENDING).restartCount(job.restartCount() + 1).warnSent(false);
    if (held) {
      next.stateFlags(next.build().stateFlags() | JobFlag.SPECIAL_EXIT)
          .reason(JobReason.HELD_BY_USER)
          .priority(0);
    }
    makeNew(change, next);
    return true;
  }

  private static boolean isListed(Longs exitCodes, long exitCode) {
    return exitCodes.stream().anyMatch(listed -> listed == exitCode);
  }

  /** A batch script that its node does not know any more: requeued, or ended as a node failure. */
  static void lost(Change change, Job job) {
    if (job.request().requeue()) {
      afterScriptFault(change, job.toBuilder().exitCode(1).build());
    } else {
      Job failed = job.toBuilder().exitCode(1).launchState(LaunchState.ENDED).build();
      Ending.end(change, failed, JobState.NODE_FAIL, EffectKind.TERMINATE_JOB);
    }
  }

  /** Clears what the last run left, so that the job looks new. */
  static void makeNew(Change change, Job.Builder next) {
    Job draft = next.build();
    Instant now = change.now();
    JobRequest request = draft.request();
    if (request.beginTime() == null || !request.beginTime().isAfter(now)) {
      boolean neverSeen =
          draft.launchState() == LaunchState.SENDING && !isFencedBlindly(change, draft);
      double lifetimeSeconds =
          Settings.number(change.config(), "AuthInfo", "cred_expire", CREDENTIAL_LIFETIME_SECONDS);
      long delaySeconds =
          neverSeen ? afterFenceSeconds(change.config()) : (long) lifetimeSeconds + 1;
      request = request.toBuilder().beginTime(now.plusSeconds(delaySeconds)).build();
    }
    Instant submitted = now.equals(draft.submitTime()) ? now.plusSeconds(1) : now;
    next.request(request)
        .submitTime(submitted)
        .startTime(null)
        .endTime(null)
        .suspendTime(null)
        .resizeTime(null)
        .beforeSuspendSeconds(0)
        .eligibleTime(request.beginTime())
        .accrueTime(null)
        .allocation(List.of())
        .batchHost(null)
        .completingNodes(List.of())
        .prologNodes(List.of())
        .launchState(LaunchState.NONE)
        .launchTime(null)
        .launchAnswerTime(null)
        .launchDoubtTime(null)
        .timeLimitSignalTime(null)
        .cronDue(Crontabs.isCron(draft))
        .timeLimitMinutes(request.timeLimitMinutes())
        .nextStepId(0)
        .nextStepNode(0);
    if (draft.priority() != 0) {
      if (StandIn.isAtLeast(change.config(), Release.V24_05)) {
        next.priority(JobUpdates.fresh(change, request));
      }
      next.reason(JobReason.NONE).stateDescription(null);
    }
  }

  /**
   * A node that was given up answers its fence before the job's prolog is over there, and the next
   * launch would lift the fence.
   */
  private static boolean isFencedBlindly(Change change, Job job) {
    return change.effectsOf(job.id()).stream()
        .anyMatch(effect -> effect.kind() == EffectKind.ABORT_JOB);
  }

  private static long afterFenceSeconds(ClusterConfig config) {
    return Math.max(
        LEAST_AFTER_FENCE_SECONDS, MESSAGES_AFTER_FENCE * config.messageTimeoutSeconds());
  }

  /** SLURM_SUCCESS if there is nothing to do. */
  private static SlurmError refusal(Change change, Job job, RequeueJob command) {
    Caller caller = command.caller();
    if (!caller.operator() && !caller.uid().equals(job.request().userId())) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    boolean onlyRunning = (command.flags() & BASE_STATE) == JobState.RUNNING.value();
    if (onlyRunning && !JobLifecycle.isRunning(job) && !JobLifecycle.isSuspended(job)) {
      return SlurmError.SLURM_SUCCESS;
    }
    if (change.partition(job.partition()) == null) {
      return SlurmError.ESLURM_DISABLED;
    }
    if (!job.request().requeue()) {
      return SlurmError.ESLURM_DISABLED;
    }
    if (!job.request().batch()) {
      return SlurmError.ESLURM_BATCH_ONLY;
    }
    if (JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_PENDING;
    }
    return null;
  }

  private static void heldIfAsked(Job.Builder next, long flags) {
    if ((flags & JobFlag.SPECIAL_EXIT) != 0) {
      next.stateFlags(next.build().stateFlags() | JobFlag.SPECIAL_EXIT)
          .stateDescription("job requeued in special exit state");
    }
    if ((flags & JobFlag.REQUEUE_HOLD) != 0) {
      boolean launchFailed = (flags & JobFlag.LAUNCH_FAILED) != 0;
      next.stateDescription(
          launchFailed ? "launch failed requeued held" : "job requeued in held state");
    }
    if ((flags & (JobFlag.SPECIAL_EXIT | JobFlag.REQUEUE_HOLD)) != 0) {
      next.reason(JobReason.HELD_BY_USER).priority(0);
    }
  }
}
