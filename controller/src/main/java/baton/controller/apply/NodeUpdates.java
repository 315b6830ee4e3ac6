package baton.controller.apply;

import baton.controller.command.UpdateNodes;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;

/** scontrol update NodeName=…: states, reasons and the rest that an administrator sets. */
final class NodeUpdates {
  private static final long DRAIN_OR_FAIL = NodeFlag.DRAIN | NodeFlag.FAIL;

  private NodeUpdates() {}

  static Reply update(Change change, UpdateNodes command) {
    if (!command.caller().superUser()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    for (NodeName name : command.nodes()) {
      if (change.node(name) == null) {
        return Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME);
      }
    }
    SlurmError note = null;
    for (NodeName name : command.nodes()) {
      describe(change, command, change.node(name));
      if (command.state() != NoVal.NO_VAL) {
        SlurmError refused = changeState(change, command, name);
        note = refused == null ? note : refused;
      }
      forgetReason(change, change.node(name));
    }
    return note == null ? Reply.ACCEPTED : new Reply.Accepted(note);
  }

  /** A node that takes work has no reason not to. */
  private static void forgetReason(Change change, Node node) {
    boolean serves = !NodeLifecycle.isDown(node) && (node.flags() & DRAIN_OR_FAIL) == 0;
    if (serves && node.reason() != null) {
      change.put(cleared(node.toBuilder()).build());
    }
  }

  private static void describe(Change change, UpdateNodes command, Node node) {
    Node.Builder next = node.toBuilder();
    if (command.reason() != null && !command.reason().isEmpty()) {
      next.reason(command.reason()).reasonTime(change.now()).reasonUid(command.caller().uid());
    }
    if (command.weight() != NoVal.NO_VAL) {
      next.weight(command.weight());
    }
    if (command.features() != null) {
      String features = command.features().isEmpty() ? null : command.features();
      next.featuresAvailable(features);
      if (command.featuresActive() == null) {
        next.featuresActive(features);
      }
    }
    if (command.featuresActive() != null) {
      next.featuresActive(command.featuresActive().isEmpty() ? null : command.featuresActive());
    }
    if (command.comment() != null) {
      next.comment(command.comment().isEmpty() ? null : command.comment());
    }
    if (command.extra() != null) {
      next.extra(command.extra().isEmpty() ? null : command.extra());
    }
    change.put(next.build());
  }

  private static SlurmError changeState(Change change, UpdateNodes command, NodeName name) {
    Node node = change.node(name);
    long wanted = command.state();
    if (wanted == NodeFlag.RESUME) {
      return resume(change, node);
    }
    boolean invalid = NodeLifecycle.has(node, NodeFlag.INVALID_REGISTRATION);
    boolean unsuitable = wanted == NodeFlag.UNDRAIN || wanted == NodeState.IDLE.value();
    if (invalid && unsuitable) {
      return SlurmError.ESLURM_INVALID_NODE_STATE;
    }
    if (wanted == NodeFlag.UNDRAIN) {
      change.put(node.toBuilder().flags(node.flags() & ~NodeFlag.DRAIN).build());
      return null;
    }
    if (wanted == NodeFlag.DRAIN || wanted == NodeFlag.FAIL) {
      change.put(node.toBuilder().flags((node.flags() & ~DRAIN_OR_FAIL) | wanted).build());
      return null;
    }
    if (wanted == NodeState.DOWN.value()) {
      change.put(node.toBuilder().baseState(NodeState.DOWN).build());
      NodeHealth.endJobsOn(change, name);
      return null;
    }
    if (wanted == NodeState.IDLE.value()) {
      return idle(change, node);
    }
    if (wanted == NodeState.FUTURE.value()) {
      return future(change, node);
    }
    if (wanted == NodeFlag.NO_RESPOND) {
      change.put(node.toBuilder().flags(node.flags() | NodeFlag.NO_RESPOND).build());
      return null;
    }
    // Among the rest are the words for power saving, which is not configured.
    return SlurmError.ESLURM_INVALID_NODE_STATE;
  }

  private static SlurmError future(Change change, Node node) {
    boolean busy = !change.holdingsOn(node.name()).isEmpty();
    boolean idle = node.baseState() == NodeState.IDLE && !busy;
    if (!NodeLifecycle.isDown(node) && !idle) {
      return SlurmError.ESLURM_INVALID_NODE_STATE;
    }
    change.put(node.toBuilder().baseState(NodeState.DOWN).build());
    NodeHealth.endJobsOn(change, node.name());
    change.put(node.toBuilder().baseState(NodeState.FUTURE).flags(0).build());
    return null;
  }

  private static SlurmError resume(Change change, Node node) {
    boolean down = NodeLifecycle.isDown(node);
    if (NodeLifecycle.has(node, NodeFlag.INVALID_REGISTRATION)) {
      return SlurmError.ESLURM_INVALID_NODE_STATE;
    }
    boolean resumable = down || (node.flags() & DRAIN_OR_FAIL) != 0;
    boolean rebooting = (node.flags() & (NodeFlag.REBOOT_REQUESTED | NodeFlag.REBOOT_ISSUED)) != 0;
    if (!resumable && !rebooting && node.baseState() != NodeState.FUTURE) {
      return SlurmError.ESLURM_INVALID_NODE_STATE;
    }
    Node.Builder next =
        node.toBuilder()
            .flags(
                node.flags()
                    & ~(DRAIN_OR_FAIL | NodeFlag.REBOOT_REQUESTED | NodeFlag.REBOOT_ISSUED));
    if (down || node.baseState() == NodeState.FUTURE) {
      next.baseState(NodeState.IDLE).lastBusy(change.now());
    }
    change.put(cleared(next).registrationOwed(true).build());
    return null;
  }

  private static SlurmError idle(Change change, Node node) {
    if (!NodeLifecycle.isDown(node) && node.baseState() != NodeState.IDLE) {
      return SlurmError.ESLURM_INVALID_NODE_STATE;
    }
    Node.Builder next =
        node.toBuilder()
            .baseState(NodeState.IDLE)
            .flags(node.flags() & ~DRAIN_OR_FAIL)
            .lastBusy(change.now());
    change.put(cleared(next).build());
    return null;
  }

  private static Node.Builder cleared(Node.Builder next) {
    return next.reason(null).reasonTime(null).reasonUid(Uid.of(NoVal.NO_VAL));
  }
}
