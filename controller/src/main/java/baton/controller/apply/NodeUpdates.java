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
  private static final long BASE_STATE = 0xf;
  private static final long DRAIN_OR_FAIL = NodeFlag.DRAIN | NodeFlag.FAIL;
  private static final long POWER_WORDS =
      NodeFlag.POWER_DOWN | NodeFlag.POWER_UP | NodeFlag.POWER_DRAIN | NodeFlag.POWERED_DOWN;

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
    }
    return note == null ? Reply.ACCEPTED : new Reply.Accepted(note);
  }

  private static void describe(Change change, UpdateNodes command, Node node) {
    Node.Builder next = node.toBuilder();
    if (command.reason() != null) {
      boolean cleared = command.reason().isEmpty();
      next.reason(cleared ? null : command.reason())
          .reasonTime(cleared ? null : change.now())
          .reasonUid(
              command.reasonUid() == NoVal.NO_VAL
                  ? command.caller().uid()
                  : Uid.of(command.reasonUid()));
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
    if ((wanted & POWER_WORDS) != 0 && (wanted & BASE_STATE) == 0) {
      // Power saving is not configured; slurmctld refuses what it could not carry out.
      return SlurmError.ESLURM_INVALID_NODE_STATE;
    }
    return SlurmError.ESLURM_INVALID_NODE_STATE;
  }

  private static SlurmError resume(Change change, Node node) {
    boolean down = NodeLifecycle.isDown(node);
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
