package baton.controller.apply;

import baton.controller.command.ClientsGone;
import baton.controller.command.ClientsSeen;
import baton.controller.command.ClientsTold;
import baton.controller.command.NotifyJob;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.List;

/**
 * The sruns and sallocs that wait on a port of theirs: what they are owed when a job of theirs
 * starts, stops, or ends, and what came of telling them.
 *
 * <p>Source: srun_comm.c and agent.c of slurmctld 22.05.
 */
final class Clients {
  /** Wait status of an allocation that nobody was there to take: exit code 1. */
  private static final long ABANDONED_WAIT_STATUS = 1 << 8;

  /** How long before a job's end its client is warned: twice PERIODIC_TIMEOUT of slurmctld.h. */
  private static final long WARNED_SECONDS = 60;

  private Clients() {}

  /** What the command's changes mean for those who wait. */
  static void update(Change change) {
    for (JobId id : List.copyOf(change.changedJobs())) {
      Job before = change.jobBefore(id);
      Job after = change.job(id);
      if (before != null && after != null && before.state() != after.state()) {
        moved(change, before, after);
      }
    }
  }

  private static void moved(Change change, Job before, Job after) {
    JobRequest request = after.request();
    if (request.responseHost() == null) {
      return;
    }
    if (JobLifecycle.isFinished(after) && !JobLifecycle.isFinished(before)) {
      if (JobLifecycle.isPending(before)) {
        owe(change, after, EffectKind.CLIENT_JOB_COMPLETE, request.responsePort(), null);
      }
      owe(change, after, EffectKind.CLIENT_JOB_COMPLETE, request.otherPort(), null);
    } else if (HetGroups.isComponent(after) && !HetGroups.isLeader(after)) {
      // what is said of a heterogeneous job's leader is said of all components
      return;
    } else if (JobLifecycle.isPending(before) && JobLifecycle.isRunning(after)) {
      if (!request.batch()) {
        owe(change, after, EffectKind.GRANT_ALLOCATION, request.responsePort(), null);
      }
    } else if (JobLifecycle.isSuspended(after)) {
      owe(change, after, EffectKind.CLIENT_SUSPEND, request.otherPort(), null);
    } else if (JobLifecycle.isSuspended(before) && JobLifecycle.isRunning(after)) {
      owe(change, after, EffectKind.CLIENT_RESUME, request.otherPort(), null);
    }
  }

  /** A node failed under a running job. */
  static void nodeFailed(Change change, Job job, NodeName node) {
    if (JobLifecycle.isRunning(job)) {
      owe(
          change,
          job,
          EffectKind.CLIENT_NODE_FAIL,
          job.request().otherPort(),
          Effect.builder().text(node.value()));
    }
  }

  /** True when the client of a running job is to be told of its near end. */
  static boolean isWarningDue(Job job, Instant now) {
    return JobLifecycle.isRunning(job)
        && job.request().otherPort() != 0
        && job.request().responseHost() != null
        && job.endTime() != null
        && !job.endTime().equals(job.endTold())
        && !job.endTime().minusSeconds(WARNED_SECONDS).isAfter(now);
  }

  static void warn(Change change, Job job) {
    change.put(job.toBuilder().endTold(job.endTime()));
    owe(
        change,
        job,
        EffectKind.CLIENT_TIMEOUT,
        job.request().otherPort(),
        Effect.builder().end(job.endTime()));
  }

  static Reply notify(Change change, NotifyJob command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    if (!command.caller().superUser() && !command.caller().uid().equals(job.request().userId())) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (!JobLifecycle.isPending(job) && !JobLifecycle.isRunning(job)) {
      return Reply.rejected(SlurmError.ESLURM_ALREADY_DONE);
    }
    Effect.Builder text = Effect.builder().text(command.text());
    if (job.request().otherPort() != 0 && job.request().responseHost() != null) {
      owe(change, job, EffectKind.CLIENT_MESSAGE, job.request().otherPort(), text);
      return Reply.ACCEPTED;
    }
    if (!job.request().batch() || !JobLifecycle.isRunning(job)) {
      return Reply.rejected(SlurmError.ESLURM_DISABLED);
    }
    change.owe(
        text.kind(EffectKind.NOTIFY_JOB)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .nodes(List.of(job.batchHost())));
    return Reply.ACCEPTED;
  }

  static Reply told(Change change, ClientsTold command) {
    command.effects().forEach(change::settle);
    for (EffectId id : command.gone()) {
      Effect effect = change.effect(id);
      Job job = effect == null ? null : change.job(effect.jobId());
      change.settle(id);
      if (job != null
          && effect.kind() == EffectKind.GRANT_ALLOCATION
          && job.restartCount() == effect.restartCount()
          && JobLifecycle.isRunning(job)) {
        Ending.complete(change, job, change.config().slurmUserUid(), false, ABANDONED_WAIT_STATUS);
      }
      if (job != null && effect.kind() == EffectKind.CLIENT_STEP_MISSING) {
        Steps.abandoned(change, job, effect);
      }
    }
    return Reply.ACCEPTED;
  }

  /** What the client would have told of its exit is not known: the highest of its steps stands. */
  static Reply gone(Change change, ClientsGone command) {
    for (JobId id : command.jobs()) {
      Job job = change.job(id);
      if (job != null
          && !job.request().batch()
          && JobLifecycle.isRunning(job)
          && change.stepsOf(id).isEmpty()) {
        Ending.complete(change, job, change.config().slurmUserUid(), false, job.derivedExitCode());
      }
    }
    return Reply.ACCEPTED;
  }

  static Reply seen(Change change, ClientsSeen command) {
    for (JobId id : command.jobs()) {
      Job job = change.job(id);
      if (job != null && JobLifecycle.isRunning(job)) {
        change.put(job.toBuilder().clientSeen(change.now()));
      }
    }
    return Reply.ACCEPTED;
  }

  /** Silence is counted from the controller's start: it was the one that could not listen. */
  static void listenAnew(Change change) {
    for (Job job : List.copyOf(change.jobs().values())) {
      if (JobLifecycle.isRunning(job) && job.clientSeen() != null) {
        change.put(job.toBuilder().clientSeen(change.now()));
      }
    }
  }

  private static void owe(
      Change change, Job job, EffectKind kind, int port, Effect.Builder details) {
    JobRequest request = job.request();
    if (port == 0 || request.responseHost() == null) {
      return;
    }
    Effect.Builder effect = details == null ? Effect.builder() : details;
    change.owe(
        effect
            .kind(kind)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .host(request.responseHost())
            .port(port)
            .userId(request.userId())
            .protocolVersion(request.submitProtocolVersion()));
  }
}
