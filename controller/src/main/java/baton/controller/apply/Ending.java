package baton.controller.apply;

import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobAllocationCompleted;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.ClusterFacts;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How jobs end: the script's end, the epilogs, and the clean-up owed to the nodes. */
final class Ending {
  /** Signal number that the low byte of a wait status shows for a job out of memory. */
  private static final int OUT_OF_MEMORY_SIGNAL = 253;

  /** What only a job that runs can be. */
  private static final long OF_A_RUN = JobFlag.CONFIGURING | JobFlag.STOPPED | JobFlag.SIGNALING;

  private Ending() {}

  static Reply batchScriptCompleted(Change change, BatchScriptCompleted command) {
    if (!command.caller().superUser()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    if (job.batchHost() != null && !job.batchHost().equals(command.node())) {
      // A node that was given up on answers late; the job runs elsewhere now.
      return Reply.ACCEPTED;
    }
    boolean requeue = false;
    if (NodeFault.drains(command.slurmReturnCode())) {
      NodeHealth.drain(change, command.node(), "batch job complete failure");
      requeue = command.waitStatus() != 0 && job.request().requeue();
    }
    if (Launching.isAnEarlierRuns(job)) {
      // The node's fault counts, but this run has not begun and goes on.
      return Reply.ACCEPTED;
    }
    return complete(change, job, command.caller().uid(), requeue, command.waitStatus());
  }

  static Reply allocationCompleted(Change change, JobAllocationCompleted command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    if (!command.caller().operator() && !command.caller().uid().equals(job.request().userId())) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    return complete(change, job, command.caller().uid(), false, command.waitStatus());
  }

  static Reply epilogCompleted(Change change, EpilogCompleted command) {
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.ACCEPTED;
    }
    if (!JobLifecycle.isCompleting(job) || job.allocation().isEmpty()) {
      return Reply.ACCEPTED;
    }
    if (command.returnCode() != 0) {
      NodeHealth.drain(change, command.node(), "Epilog error");
    }
    cleanedUp(change, job, command.node());
    return Reply.ACCEPTED;
  }

  /** A wait status came for a job: what the job becomes. */
  static Reply complete(Change change, Job job, Uid uid, boolean requeue, long waitStatus) {
    if (JobLifecycle.isFinished(job)) {
      // A job that was cancelled or timed out learns its script's status only now.
      if (job.exitCode() == 0 && waitStatus != 0 && waitStatus != NoVal.NO_VAL) {
        change.put(job.toBuilder().exitCode(waitStatus).launchState(LaunchState.ENDED));
      }
      return new Reply.Accepted(SlurmError.ESLURM_ALREADY_DONE);
    }
    if (JobLifecycle.isCompleting(job) && job.launchState() == LaunchState.SENDING) {
      // The fenced attempt did run: from here on this is a requeue, if the job allows one.
      Job.Builder ran = job.toBuilder().launchState(LaunchState.ENDED);
      change.put(job.request().requeue() ? ran : ran.state(JobState.NODE_FAIL));
      return Reply.ACCEPTED;
    }
    if (JobLifecycle.isPending(job) && !job.request().batch()) {
      // whoever waited for this allocation waits no longer
      change.put(job.toBuilder().state(JobState.CANCELLED).requesterUid(uid).endTime(change.now()));
      count(change, JobState.CANCELLED);
      return Reply.ACCEPTED;
    }
    if (JobLifecycle.isCompleting(job) || JobLifecycle.isPending(job)) {
      return Reply.ACCEPTED;
    }
    if (requeue && job.request().batch()) {
      Requeueing.afterScriptFault(change, job);
      return Reply.ACCEPTED;
    }
    Job.Builder next = job.toBuilder();
    JobState state = verdict(change, job, uid, waitStatus, next);
    end(change, next.build(), state, EffectKind.TERMINATE_JOB);
    return Reply.ACCEPTED;
  }

  private static JobState verdict(
      Change change, Job job, Uid uid, long waitStatus, Job.Builder next) {
    next.launchState(LaunchState.ENDED);
    if (waitStatus == NoVal.NO_VAL) {
      next.requesterUid(uid);
      return JobState.CANCELLED;
    }
    next.exitCode(waitStatus);
    long signal = waitStatus & 0x7f;
    if ((waitStatus & 0xff) == OUT_OF_MEMORY_SIGNAL) {
      next.reason(JobReason.OUT_OF_MEMORY).stateDescription(null);
      return JobState.OUT_OF_MEMORY;
    }
    if (signal == 0 && ((waitStatus >> 8) & 0xff) != 0) {
      next.reason(JobReason.NON_ZERO_EXIT_CODE).stateDescription(null);
      return JobState.FAILED;
    }
    if (signal != 0) {
      next.reason(JobReason.LAUNCH_FAILURE);
      return JobState.FAILED;
    }
    long overrunSeconds = Deadlines.overTimeLimitSeconds(change, job);
    if (job.endTime() != null && job.endTime().plusSeconds(overrunSeconds).isBefore(change.now())) {
      next.reason(JobReason.TIME_LIMIT).stateDescription(null);
      return JobState.TIMEOUT;
    }
    return JobState.COMPLETE;
  }

  /**
   * Ends a job that holds an allocation: its nodes are owed the kill and the epilog.
   *
   * @param job as it stands, with whatever else is to change already changed
   * @param state what it becomes; PENDING for a requeue
   * @param kind how the nodes are told
   */
  static void end(Change change, Job job, JobState state, EffectKind kind) {
    Instant ended = JobLifecycle.isSuspended(job) ? job.suspendTime() : change.now();
    List<NodeName> nodes = new ArrayList<>();
    List<NodeName> down = new ArrayList<>();
    for (NodeAllocation share : job.allocation().get(0).nodes()) {
      Node node = change.node(share.node());
      if (node != null) {
        (NodeLifecycle.isDown(node) ? down : nodes).add(share.node());
      }
    }
    settleLaunch(change, job);
    StepSignals.jobEnds(change, job);
    fence(change, job, down);
    change.put(
        job.toBuilder()
            .state(state)
            .stateFlags((job.stateFlags() & ~OF_A_RUN) | JobFlag.COMPLETING)
            .endTime(ended)
            .completingNodes(nodes)
            .prologNodes(List.of()));
    count(change, state);
    Job ending = change.job(job.id());
    Mail.ended(change, ending);
    ControllerScripts.oweEpilog(change, ending);
    if (nodes.isEmpty()) {
      finish(change, ending);
      return;
    }
    change.owe(
        Effect.builder().kind(kind).jobId(job.id()).restartCount(job.restartCount()).nodes(nodes));
  }

  /** Its EpilogSlurmctld has ended; the nodes may have cleaned up before. */
  static void epilogRan(Change change, Job job) {
    if (JobLifecycle.isCompleting(job) && job.completingNodes().isEmpty()) {
      finish(change, job);
    }
  }

  /** One node has cleaned up after a job, or is gone for good. */
  static void cleanedUp(Change change, Job job, NodeName node) {
    if (!job.completingNodes().contains(node)) {
      return;
    }
    List<NodeName> left =
        job.completingNodes().stream().filter(name -> !name.equals(node)).toList();
    change.put(job.toBuilder().completingNodes(left));
    for (Effect effect : change.effectsOf(job.id())) {
      boolean stays =
          effect.kind() == EffectKind.LAUNCH_BATCH
              || effect.kind() == EffectKind.ABORT_JOB
              || effect.kind().isToClient();
      if (!stays && effect.nodes().contains(node)) {
        Effects.answeredBy(change, effect, node);
      }
    }
    touchIdle(change, node);
    if (left.isEmpty()) {
      finish(change, change.job(job.id()));
    }
  }

  /** All nodes have cleaned up; the controller's own epilog may still run. */
  private static void finish(Change change, Job job) {
    boolean epilogRuns =
        change.effectsOf(job.id()).stream()
            .anyMatch(effect -> effect.kind() == EffectKind.RUN_EPILOG);
    if (epilogRuns) {
      return;
    }
    settleLaunch(change, job);
    Steps.endAll(change, job);
    Job ended = change.job(job.id());
    Job.Builder done = ended.toBuilder().stateFlags(ended.stateFlags() & ~JobFlag.COMPLETING);
    if (job.state() == JobState.PENDING) {
      Requeueing.makeNew(change, done);
    } else if (!Requeueing.byExitCode(change, job, done)) {
      Crontabs.again(change, job, done);
    }
    change.put(done);
  }

  private static void touchIdle(Change change, NodeName name) {
    Node node = change.node(name);
    if (node != null) {
      change.put(node.toBuilder().lastBusy(change.now()).build());
    }
  }

  /**
   * Nobody waits for a node that is down, but what runs there must still be ended: the node may be
   * alive, and the job is about to run elsewhere.
   */
  static void fence(Change change, Job job, List<NodeName> nodes) {
    if (!nodes.isEmpty()) {
      change.owe(
          Effect.builder()
              .kind(EffectKind.ABORT_JOB)
              .jobId(job.id())
              .restartCount(job.restartCount())
              .nodes(nodes));
    }
  }

  /**
   * What is owed about a job's run is owed no longer; only a fence, its epilog, mail and what
   * clients are told outlive it.
   */
  static void settleLaunch(Change change, Job job) {
    for (Effect effect : change.effectsOf(job.id())) {
      boolean outlives =
          effect.kind() == EffectKind.ABORT_JOB
              || effect.kind() == EffectKind.RUN_EPILOG
              || effect.kind() == EffectKind.SEND_MAIL
              || (effect.kind().isToClient() && effect.kind() != EffectKind.GRANT_ALLOCATION);
      if (!outlives) {
        change.settle(effect.id());
      }
    }
  }

  static void count(Change change, JobState state) {
    ClusterFacts facts = change.facts();
    switch (state) {
      case COMPLETE -> change.put(facts.toBuilder().completed(facts.completed() + 1));
      case CANCELLED -> change.put(facts.toBuilder().cancelled(facts.cancelled() + 1));
      case FAILED, TIMEOUT, NODE_FAIL, BOOT_FAIL, DEADLINE, OUT_OF_MEMORY ->
          change.put(facts.toBuilder().failed(facts.failed() + 1));
      case PENDING, RUNNING, SUSPENDED, PREEMPTED -> {}
    }
  }
}
