package baton.controller.scheduler;

import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Partitions that a job in front of the queue waits for: their nodes are for it first. Lives within
 * one planning.
 */
final class Front {
  private final ClusterState snapshot;
  private final Set<PartitionName> blocked = new HashSet<>();
  private final Set<NodeName> blockedNodes = new HashSet<>();
  private final Map<PartitionName, Boolean> overlapping = new HashMap<>();
  private final Map<PartitionName, Integer> left = new HashMap<>();

  Front(ClusterState snapshot) {
    this.snapshot = snapshot;
  }

  /** A job in front waits for this partition. */
  boolean has(Partition partition) {
    return blocked.contains(partition.name());
  }

  /** A job in front waits for this partition, or for one that has nodes in common. */
  boolean overlaps(Partition partition) {
    return has(partition)
        || overlapping.computeIfAbsent(
            partition.name(),
            name -> partition.members().stream().anyMatch(blockedNodes::contains));
  }

  /** How many nodes of a partition are in order, and not first for others. */
  int nodesLeft(Partition partition) {
    return left.computeIfAbsent(partition.name(), name -> count(partition));
  }

  private int count(Partition partition) {
    int count = 0;
    for (NodeName name : partition.members()) {
      Node node = snapshot.nodes().get(name).orElse(null);
      boolean free = node != null && !blockedNodes.contains(name);
      count += free && NodeLifecycle.isAvailable(node) ? 1 : 0;
    }
    return count;
  }

  void block(Partition partition) {
    if (blocked.add(partition.name())) {
      blockedNodes.addAll(partition.members());
      overlapping.clear();
      left.clear();
    }
  }
}
