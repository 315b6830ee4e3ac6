package baton.controller.apply;

import baton.controller.command.UpdateNodes;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.List;
import java.util.Set;

/** scontrol update NodeName=…: states, reasons and the rest that an administrator sets. */
final class NodeUpdates {
  /** CPU_BIND_OFF of slurm.h, all releases. */
  private static final long CPU_BIND_OFF = 0x80000;

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
    HostList addresses = hosts(command.nodeAddresses(), command);
    HostList hostNames = hosts(command.nodeHostNames(), command);
    boolean unreadable =
        (isGiven(command.nodeAddresses()) && addresses == null)
            || (isGiven(command.nodeHostNames()) && hostNames == null);
    if (unreadable) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME);
    }
    SlurmError note = null;
    int index = 0;
    for (NodeName name : command.nodes()) {
      define(
          change,
          command,
          change.node(name),
          addresses == null ? null : addresses.hosts().get(index),
          hostNames == null ? null : hostNames.hosts().get(index));
      index++;
      SlurmError unfit = describe(change, command, change.node(name));
      note = unfit == null ? note : unfit;
      if (command.state() != NoVal.NO_VAL) {
        SlurmError refused = changeState(change, command, name);
        note = refused == null ? note : refused;
      }
      forgetReason(change, change.node(name));
    }
    if (command.features() != null || command.featuresActive() != null) {
      Impossible.releaseAll(change);
    }
    return note == null ? Reply.ACCEPTED : new Reply.Accepted(note);
  }

  private static boolean isGiven(String text) {
    return text != null && !text.isEmpty();
  }

  /** One host for each node; null if none are given, or not as many. */
  private static HostList hosts(String text, UpdateNodes command) {
    HostList hosts = isGiven(text) ? SubmissionCheck.hosts(text) : null;
    return hosts == null || hosts.hosts().size() != command.nodes().size() ? null : hosts;
  }

  /** What slurm.conf says of the node, until it is read again. */
  private static void define(
      Change change, UpdateNodes command, Node node, String address, String hostName) {
    NodeDefinition.Builder next = node.definition().toBuilder();
    if (address != null) {
      next.address(address);
    }
    if (hostName != null) {
      next.hostName(hostName);
    }
    if (command.gres() != null) {
      next.gres(command.gres().isEmpty() ? null : command.gres());
    }
    if (command.cpuBind() != 0) {
      next.cpuBind(command.cpuBind() == CPU_BIND_OFF ? 0 : command.cpuBind());
    }
    change.put(node.toBuilder().definition(next.build()).build());
  }

  /** A node that takes work has no reason not to. */
  private static void forgetReason(Change change, Node node) {
    boolean serves = !NodeLifecycle.isDown(node) && (node.flags() & DRAIN_OR_FAIL) == 0;
    if (serves && node.reason() != null) {
      change.put(NodeReasons.up(change, node.toBuilder()).build());
    }
  }

  /** The texts, numbers and features of a node; says what could not be taken over. */
  private static SlurmError describe(Change change, UpdateNodes command, Node node) {
    Node.Builder next = node.toBuilder();
    SlurmError unfit = features(command, node, next);
    if (command.reason() != null && !command.reason().isEmpty()) {
      next.reason(command.reason()).reasonTime(change.now()).reasonUid(command.caller().uid());
    }
    if (command.weight() != NoVal.NO_VAL) {
      next.weight(command.weight());
    }
    if (command.resumeAfterSeconds() != NoVal.NO_VAL) {
      boolean never = command.resumeAfterSeconds() == NoVal.INFINITE;
      next.resumeAfter(never ? null : change.now().plusSeconds(command.resumeAfterSeconds()));
    }
    if (command.comment() != null) {
      next.comment(command.comment().isEmpty() ? null : command.comment());
    }
    if (command.extra() != null) {
      next.extra(command.extra().isEmpty() ? null : command.extra());
    }
    change.put(next.build());
    return unfit;
  }

  /** What is active must be available; else neither is changed. */
  private static SlurmError features(UpdateNodes command, Node node, Node.Builder next) {
    if (command.features() == null && command.featuresActive() == null) {
      return null;
    }
    String available = orNull(command.features(), node.featuresAvailable());
    String active = orNull(command.featuresActive(), node.featuresActive());
    if (!words(available).containsAll(words(active))) {
      return SlurmError.ESLURM_ACTIVE_FEATURE_NOT_SUBSET;
    }
    boolean follows = command.featuresActive() == null;
    next.featuresAvailable(available).featuresActive(follows ? available : active);
    return null;
  }

  private static String orNull(String wanted, String otherwise) {
    if (wanted == null) {
      return otherwise;
    }
    return wanted.isEmpty() ? null : wanted;
  }

  private static Set<String> words(String features) {
    return features == null ? Set.of() : Set.copyOf(List.of(features.split(",")));
  }

  private static SlurmError changeState(Change change, UpdateNodes command, NodeName name) {
    SlurmError refusal = changed(change, command, name);
    if (refusal != SlurmError.ESLURM_INVALID_NODE_STATE) {
      return refusal;
    }
    boolean power = (command.state() & (NodeFlag.POWER_UP | NodeFlag.POWER_DOWN)) != 0;
    if (power) {
      return StandIn.isAtLeast(change.config(), Release.V26_05)
          ? SlurmError.ESLURM_INVALID_POWER_ACTION
          : refusal;
    }
    return StandIn.isAtLeast(change.config(), Release.V25_11)
        ? SlurmError.ESLURM_INVALID_NODE_STATE_TRANSITION
        : refusal;
  }

  private static SlurmError changed(Change change, UpdateNodes command, NodeName name) {
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
      long flags = (node.flags() & ~NodeFlag.DRAIN) | NodeFlag.NO_RESPOND;
      change.put(asked(change, node.toBuilder().flags(flags)).build());
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
    if (down || node.baseState() == NodeState.FUTURE || NodeLifecycle.has(node, NodeFlag.DRAIN)) {
      next = asked(change, next.flags(next.build().flags() | NodeFlag.NO_RESPOND));
    }
    change.put(NodeReasons.up(change, next).resumeAfter(null).build());
    return null;
  }

  /** It gets work again once it has registered. */
  private static Node.Builder asked(Change change, Node.Builder next) {
    return next.lastResponse(change.now()).registrationOwed(true);
  }

  /** ResumeAfter has come: a node that is still down or drained is resumed. */
  static void resumeNow(Change change, Node node) {
    resume(change, node);
    Node now = change.node(node.name());
    change.put(now.toBuilder().resumeAfter(null).build());
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
    change.put(NodeReasons.up(change, next).build());
    return null;
  }
}
