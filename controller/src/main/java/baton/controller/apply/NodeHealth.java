package baton.controller.apply;

import baton.controller.command.NodeResponse;
import baton.controller.command.NodeSilence;
import baton.controller.command.NodesResponded;
import baton.controller.command.NodesSilent;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.protocol.type.NoVal;
import java.time.Instant;
import java.util.List;

/** Nodes that answer, fall silent, are drained, or go down. */
final class NodeHealth {
  static final String NOT_RESPONDING = "Not responding";

  private NodeHealth() {}

  static Reply responded(Change change, NodesResponded command) {
    for (NodeResponse response : command.nodes()) {
      Node node = change.node(response.node());
      if (node != null) {
        change.put(heard(change, node, response));
      }
    }
    return Reply.ACCEPTED;
  }

  /** A node answered something: it is there. */
  static void heard(Change change, NodeName name) {
    Node node = change.node(name);
    if (node != null) {
      change.put(heard(change, node, NodeResponse.builder().node(name).build()));
    }
  }

  private static Node heard(Change change, Node node, NodeResponse response) {
    Node.Builder next = node.toBuilder().lastResponse(change.now());
    if (response.cpuLoad() != NoVal.NO_VAL) {
      next.cpuLoad(response.cpuLoad()).memoryLoadTime(change.now());
    }
    if (response.freeMemoryMiB() != NoVal.NO_VAL64) {
      next.freeMemoryMiB(response.freeMemoryMiB());
    }
    boolean wasSilent = NodeLifecycle.has(node, NodeFlag.NO_RESPOND);
    boolean unknown = node.baseState() == NodeState.UNKNOWN;
    next.flags(node.flags() & ~NodeFlag.NO_RESPOND);
    if (NodeLifecycle.isDown(node) && returns(change, node)) {
      next.baseState(NodeState.IDLE).lastBusy(change.now());
      if ((node.flags() & (NodeFlag.DRAIN | NodeFlag.FAIL)) == 0) {
        next = NodeReasons.up(change, next);
      }
    }
    if (wasSilent && unknown) {
      // Its state is told by a registration, not by a ping.
      next.registrationOwed(true);
    }
    return next.build();
  }

  /** ReturnToService: a node that answers comes back, always or only from silence. */
  private static boolean returns(Change change, Node node) {
    if (NodeLifecycle.has(node, NodeFlag.INVALID_REGISTRATION)) {
      return false;
    }
    int mode = change.config().returnToService();
    return mode == 2 || (mode == 1 && NOT_RESPONDING.equals(node.reason()));
  }

  static Reply silent(Change change, NodesSilent command) {
    for (NodeSilence silence : command.nodes()) {
      Node node = change.node(silence.node());
      if (node != null && !heardSince(node, silence.askedTime())) {
        change.put(node.toBuilder().flags(node.flags() | NodeFlag.NO_RESPOND).build());
      }
    }
    return Reply.ACCEPTED;
  }

  /** A node may register while a message that it was not up for yet is still being given up. */
  private static boolean heardSince(Node node, Instant asked) {
    return node.lastResponse() != null && !node.lastResponse().isBefore(asked);
  }

  /** Takes a node out of service for new work; what runs there runs on. */
  static void drain(Change change, NodeName name, String reason) {
    Node node = change.node(name);
    if (node == null || NodeLifecycle.has(node, NodeFlag.DRAIN)) {
      return;
    }
    Node.Builder next = node.toBuilder().flags(node.flags() | NodeFlag.DRAIN);
    if (node.reason() == null || node.reason().startsWith(NOT_RESPONDING)) {
      next.reason(reason).reasonTime(change.now()).reasonUid(change.config().slurmUserUid());
    }
    change.put(next.build());
  }

  /** Takes a node down and ends or requeues what ran there. */
  static void down(Change change, NodeName name, String reason) {
    Node node = change.node(name);
    Node.Builder next = node.toBuilder().baseState(NodeState.DOWN);
    if (node.reason() == null) {
      next.reason(reason).reasonTime(change.now()).reasonUid(change.config().slurmUserUid());
    }
    change.put(next.build());
    endJobsOn(change, name);
  }

  /** A component of a heterogeneous job goes back into the queue with its leader alone. */
  private static boolean mayRequeue(Job job) {
    return !HetGroups.isComponent(job) || HetGroups.isLeader(job);
  }

  /**
   * A node that slurm.conf does not name any more. What ran there ends as a node failure and is not
   * queued again, as nobody can tell any more whether it still runs there; and nobody waits for it.
   */
  static void gone(Change change, NodeName name) {
    for (Holding holding : change.holdingsOn(name)) {
      Job job = change.job(holding.jobId());
      if (!JobLifecycle.isCompleting(job)) {
        Job failed =
            job.toBuilder()
                .failedNode(name)
                .reason(JobReason.FAIL_DOWN_NODE)
                .stateDescription(null)
                .build();
        Ending.end(change, failed, JobState.NODE_FAIL, EffectKind.TERMINATE_JOB);
      }
      Ending.cleanedUp(change, change.job(job.id()), name);
    }
    for (Effect effect : List.copyOf(change.effects().values())) {
      if (effect.nodes().contains(name)) {
        Effects.answeredBy(change, effect, name);
      }
    }
  }

  /** What a node's failure means for each job that holds part of it. */
  static void endJobsOn(Change change, NodeName name) {
    List<Holding> held = change.holdingsOn(name);
    for (Holding holding : held) {
      Job job = change.job(holding.jobId());
      Clients.nodeFailed(change, job, name);
      if (JobLifecycle.isCompleting(job)) {
        Ending.fence(change, job, List.of(name));
        Ending.cleanedUp(change, job, name);
      } else if (Resizing.survives(job, name) && !JobLifecycle.isConfiguring(job)) {
        Resizing.lost(change, job, name);
      } else if (job.request().batch() && job.request().requeue() && mayRequeue(job)) {
        Job failed = job.toBuilder().failedNode(name).build();
        Mail.failed(change, failed, JobState.NODE_FAIL);
        Requeueing.afterNodeFault(change, failed);
      } else {
        Job failed =
            job.toBuilder()
                .failedNode(name)
                .reason(JobReason.FAIL_DOWN_NODE)
                .stateDescription(null)
                .build();
        Ending.end(change, failed, JobState.NODE_FAIL, EffectKind.TERMINATE_JOB);
      }
    }
  }
}
