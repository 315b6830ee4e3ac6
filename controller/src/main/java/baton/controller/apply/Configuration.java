package baton.controller.apply;

import baton.controller.command.Configure;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Takes slurm.conf over into the state: at a controller's start and at a reconfigure. */
final class Configuration {
  private static final long BASE_STATE = 0xf;

  private Configuration() {}

  static Reply configure(Change change, Configure command) {
    ClusterConfig config = command.config();
    change.put(config);
    nodes(change, command);
    partitions(change, command);
    if (command.start()) {
      Clients.listenAnew(change);
    }
    ClusterFacts facts = change.facts();
    ClusterFacts.Builder next = facts.toBuilder();
    if (facts.bootTime() == null || command.start()) {
      next.bootTime(command.time());
    }
    if (facts.nextJobId().value() < config.firstJobId()) {
      next.nextJobId(JobId.of(config.firstJobId()));
    }
    change.put(next);
    return Reply.ACCEPTED;
  }

  private static void nodes(Change change, Configure command) {
    Set<NodeName> defined = new HashSet<>();
    for (NodeDefinition definition : command.config().nodes()) {
      defined.add(definition.name());
      Node known = change.node(definition.name());
      change.put(
          known == null
              ? created(command.config(), definition, command.time())
              : kept(known, definition, command));
    }
    List<NodeName> gone = new ArrayList<>();
    for (Node node : change.nodes().values()) {
      if (!defined.contains(node.name())) {
        gone.add(node.name());
      }
    }
    for (NodeName name : gone) {
      NodeHealth.gone(change, name);
      change.removeNode(name);
    }
  }

  private static Node created(ClusterConfig config, NodeDefinition definition, Instant now) {
    // What never had a reason has it from root.
    boolean roots = NodeReasons.areKept(config);
    return Node.builder()
        .name(definition.name())
        .definition(definition)
        .baseState(NodeState.of(definition.state() & BASE_STATE))
        .flags(definition.state() & ~BASE_STATE)
        .reason(definition.reason())
        .weight(definition.weight())
        .featuresAvailable(definition.features())
        .featuresActive(definition.features())
        .lastResponse(now)
        .registrationOwed(true)
        .reasonUid(roots ? Uid.ROOT : Uid.of(NoVal.NO_VAL))
        .build();
  }

  private static Node kept(Node known, NodeDefinition definition, Configure command) {
    boolean featuresChanged = !Objects.equals(known.definition().features(), definition.features());
    Node.Builder next = known.toBuilder().definition(definition).weight(definition.weight());
    // Features set by hand last until the next reconfiguration.
    if (featuresChanged || !command.start()) {
      next.featuresAvailable(definition.features()).featuresActive(definition.features());
    }
    if (command.start()) {
      // Silence is counted from the controller's start: it was the one that could not listen.
      next.lastResponse(command.time()).registrationOwed(true);
    }
    return next.build();
  }

  /** Partitions are what slurm.conf says, except for what ReconfigFlags keeps. */
  private static void partitions(Change change, Configure command) {
    ClusterConfig config = command.config();
    boolean keepAll = keeps(command, "KeepPartInfo");
    boolean keepState = keepAll || keeps(command, "KeepPartState");
    Set<PartitionName> defined = new HashSet<>();
    for (Partition partition : config.partitions()) {
      defined.add(partition.name());
      Partition known = change.partition(partition.name());
      if (known == null) {
        change.put(partition);
      } else if (!keepAll) {
        int state = keepState ? known.stateUp() : partition.stateUp();
        change.put(partition.toBuilder().stateUp(state).build());
      }
    }
    if (keepAll) {
      return;
    }
    List<PartitionName> gone = new ArrayList<>();
    for (Partition partition : change.partitions().values()) {
      if (!defined.contains(partition.name())) {
        gone.add(partition.name());
      }
    }
    gone.forEach(change::removePartition);
  }

  private static boolean keeps(Configure command, String flag) {
    return !command.start() && Settings.has(command.config(), "ReconfigFlags", flag);
  }
}
