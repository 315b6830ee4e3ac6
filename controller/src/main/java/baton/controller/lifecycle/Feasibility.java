package baton.controller.lifecycle;

import baton.controller.model.ClusterConfig;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeOrder;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.collection.SortedTable;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.Set;

/**
 * Whether the nodes of a partition could ever hold a request, were they all idle and up.
 *
 * @param config what of a node is given out
 * @param nodes all that there are
 * @param partitions all that there are
 * @param order the nodes' places in the cluster
 */
public record Feasibility(
    ClusterConfig config,
    SortedTable<NodeName, Node> nodes,
    SortedTable<PartitionName, Partition> partitions,
    NodeOrder order) {
  private static final int MEMORY = 0x10;

  /**
   * Why no partition could ever run the job.
   *
   * @param text what slurmctld tells the client besides; null for nothing
   * @param nowhere true if there is not even one node that is right for a part of it
   */
  public record Verdict(SlurmError error, String text, boolean nowhere) {}

  /** Null if one of the request's partitions could run it. */
  public Verdict check(JobRequest request) {
    if (request.minNodes() == 0) {
      return new Verdict(SlurmError.ESLURM_INVALID_NODE_COUNT, null, false);
    }
    Verdict last = null;
    for (PartitionName name : request.partitions()) {
      last = check(request, partitions.require(name));
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  /** Null if the partition's nodes could run it. */
  public Verdict check(JobRequest request, Partition partition) {
    HostList excluded =
        request.excludedNodes() == null ? HostList.empty() : hosts(request.excludedNodes());
    RequiredNodes named = RequiredNodes.of(request);
    HostList required = named.all();
    Constraints wanted = Constraints.of(request.features());
    boolean memory = (config.selectTypeParameters() & MEMORY) != 0;
    String text = null;
    FeatureFit fit = new FeatureFit(wanted, Set.copyOf(required.hosts()));
    for (NodeName name : partition.members()) {
      Node node = nodes.get(name).orElse(null);
      if (!named.allows(name.value())) {
        continue;
      }
      if (node == null
          || excluded.contains(name.value())
          || !wanted.accepts(FeatureFit.features(node))) {
        continue;
      }
      String lacks = lacks(request, node.definition());
      if (lacks != null) {
        text = lacks;
        continue;
      }
      int usable = NodeCapacity.idle(node.definition(), memory).cpus(request);
      if (usable > 0) {
        fit.add(node, usable, order.indexOf(name));
      }
    }
    long most = mostNodes(request, required.hosts().size());
    long minCpus = request.overcommit() ? 0 : request.minCpus();
    if (fit.suffices(leastNodes(request, partition), most, minCpus)) {
      return null;
    }
    return new Verdict(
        SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE,
        fit.isEmpty() ? text : null,
        fit.isEmpty());
  }

  private static HostList hosts(String accepted) {
    try {
      return HostList.parse(accepted);
    } catch (HostListException broken) {
      throw new IllegalStateException("accepted a job with the host list " + accepted, broken);
    }
  }

  private long mostNodes(JobRequest request, int named) {
    if (request.maxNodes() != 0) {
      return request.maxNodes();
    }
    boolean byTasks =
        request.features() != null
            && ImplicitNodes.areMeant(request)
            && StandIn.isAtLeast(config, Release.V26_05);
    return byTasks
        ? Math.max(ImplicitNodes.most(request), Math.max(request.minNodes(), named))
        : Long.MAX_VALUE;
  }

  private static long leastNodes(JobRequest request, Partition partition) {
    long least = Math.max(1, Math.max(request.minNodes(), partition.minNodes()));
    if (request.tasksPerNode() > 0 && request.taskCount() != NoVal.NO_VAL) {
      long forTasks = (request.taskCount() + request.tasksPerNode() - 1) / request.tasksPerNode();
      least = Math.max(least, forTasks);
    }
    return least;
  }

  /** What slurmctld says about the first thing that a node is too small for; null if nothing is. */
  private static String lacks(JobRequest request, NodeDefinition node) {
    if (node.cpus() < request.minCpusPerNode()) {
      return "CPU count per node can not be satisfied";
    }
    if (node.realMemoryMiB() < request.memoryMiB()) {
      return "Memory specification can not be satisfied";
    }
    if (node.tmpDiskMiB() < request.minTmpDiskMiB()) {
      return "Temporary disk specification can not be satisfied";
    }
    boolean shape =
        less(node.sockets(), request.socketsPerNode())
            || less(node.coresPerSocket(), request.coresPerSocket())
            || less(node.threadsPerCore(), request.threadsPerCore());
    return shape ? "Socket, core and/or thread specification can not be satisfied" : null;
  }

  private static boolean less(int has, int asked) {
    return asked != NoVal.NO_VAL16 && has < asked;
  }
}
