package baton.controller.apply;

import baton.controller.lifecycle.Constraints;
import baton.controller.lifecycle.ImplicitNodes;
import baton.controller.lifecycle.NodeCapacity;
import baton.controller.lifecycle.RequiredNodes;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.Set;

/** Whether the nodes of a partition could ever hold a request, were they all idle and up. */
final class Feasibility {
  private static final int MEMORY = 0x10;

  private Feasibility() {}

  /** Why no partition could ever run the job, with what slurmctld tells the client besides. */
  record Verdict(SlurmError error, String text) {}

  /** Null if one of the request's partitions could run it. */
  static Verdict check(Change change, JobRequest request) {
    if (request.minNodes() == 0) {
      return new Verdict(SlurmError.ESLURM_INVALID_NODE_COUNT, null);
    }
    Verdict last = null;
    for (PartitionName name : request.partitions()) {
      last = check(change, request, change.partition(name));
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  /** Null if the partition's nodes could run it. */
  static Verdict check(Change change, JobRequest request, Partition partition) {
    HostList excluded =
        request.excludedNodes() == null
            ? HostList.empty()
            : SubmissionCheck.hosts(request.excludedNodes());
    RequiredNodes named = RequiredNodes.of(request);
    HostList required = named.all();
    Constraints wanted = Constraints.of(request.features());
    boolean memory = (change.config().selectTypeParameters() & MEMORY) != 0;
    String text = null;
    FeatureFit fit = new FeatureFit(wanted, Set.copyOf(required.hosts()));
    for (NodeName name : partition.members()) {
      Node node = change.node(name);
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
        fit.add(node, usable, change.order().indexOf(name));
      }
    }
    long most = mostNodes(change, request, required.hosts().size());
    long minCpus = request.overcommit() ? 0 : request.minCpus();
    if (fit.suffices(leastNodes(request, partition), most, minCpus)) {
      return null;
    }
    return new Verdict(
        SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE, fit.isEmpty() ? text : null);
  }

  private static long mostNodes(Change change, JobRequest request, int named) {
    if (request.maxNodes() != 0) {
      return request.maxNodes();
    }
    boolean byTasks =
        request.features() != null
            && ImplicitNodes.areMeant(request)
            && StandIn.isAtLeast(change.config(), Release.V26_05);
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
