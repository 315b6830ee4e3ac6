package baton.controller.scheduler.select;

import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is held on each node while one plan is made: the snapshot's holdings and what the plan has
 * given out itself. Lives within one planning; not for sharing between threads.
 */
public final class Pool {
  private static final int MEMORY = 0x10;

  private final ClusterState snapshot;
  private final Map<NodeName, List<Holding>> taken = new HashMap<>();

  public Pool(ClusterState snapshot) {
    this.snapshot = snapshot;
  }

  Node node(NodeName name) {
    return snapshot.nodes().get(name).orElse(null);
  }

  int orderOf(NodeName name) {
    return snapshot.order().indexOf(name);
  }

  boolean memoryIsConsumed() {
    return (snapshot.config().selectTypeParameters() & MEMORY) != 0;
  }

  boolean wholeNodesOnly() {
    return snapshot.config().selectType().equals("select/linear");
  }

  List<Holding> heldOn(NodeName name) {
    List<Holding> own = taken.get(name);
    if (own == null) {
      return snapshot.holdingsOn(name);
    }
    List<Holding> all = new ArrayList<>(snapshot.holdingsOn(name));
    all.addAll(own);
    return all;
  }

  /** Counts an allocation of this plan as held. */
  public void take(Job job, Partition partition, Allocation allocation) {
    for (NodeAllocation share : allocation.nodes()) {
      taken
          .computeIfAbsent(share.node(), name -> new ArrayList<>())
          .add(
              new Holding(
                  job.id(),
                  partition.name(),
                  job.request().userId(),
                  share,
                  allocation.wholeNode(),
                  false));
    }
  }
}
