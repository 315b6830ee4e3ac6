package baton.controller.query;

import baton.controller.lifecycle.ImplicitNodes;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeCapacity;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.SelectPlugin;
import baton.protocol.message.JobInfo;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.List;

/**
 * How large a job is: what it asks for while it waits, what it holds while it runs, what is still
 * being cleaned up while it completes.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/job_mgr.c.
 */
final class JobShape {
  private static final long PER_CPU = 0x8000000000000000L;

  private final ClusterState state;
  private final Job job;
  private final JobRequest request;
  private final Release release;
  private final boolean pending;
  private final boolean completing;
  private final List<NodeAllocation> shares;

  JobShape(ClusterState state, Job job, Release release) {
    this.state = state;
    this.job = job;
    this.release = release;
    this.request = job.request();
    this.pending = JobLifecycle.isPending(job);
    this.completing = (job.stateFlags() & JobFlag.COMPLETING) != 0;
    this.shares = job.allocation().isEmpty() ? List.of() : job.allocation().get(0).nodes();
  }

  /** Nodes held, or those that still clean up. */
  List<NodeName> nodes() {
    if (job.givenAway()) {
      return List.of();
    }
    return completing ? job.completingNodes() : shares.stream().map(NodeAllocation::node).toList();
  }

  void fill(JobInfo.Builder info) {
    List<NodeName> nodes = nodes();
    info.nodeList(job.givenAway() ? "" : NodeLists.text(state.order(), nodes))
        .selectPluginId(SelectPlugin.idOf(state.config()))
        .nodeIndexes(shares.isEmpty() ? null : NodeLists.bits(state.order(), nodes));
    boolean started = !pending && !shares.isEmpty();
    info.numCpus(started ? heldCpus() : askedCpus())
        .maxCpus(started || request.maxCpus() == NoVal.NO_VAL ? 0 : request.maxCpus())
        .numNodes(started ? heldNodes() : askedNodes())
        .maxNodes(started ? 0 : mostNodes())
        .numTasks(tasks());
    requested(info);
    if (started) {
      allocated(info);
    } else {
      info.billableTres(NoVal.NO_VAL);
    }
    resized(info, started);
  }

  /** From 23.11 a job counts as having asked for what it was made to hold. */
  private void resized(JobInfo.Builder info, boolean started) {
    if (!started
        || job.resizeTime() == null
        || !StandIn.isAtLeast(state.config(), Release.V23_11)) {
      return;
    }
    if (job.givenAway()) {
      info.tresRequested(null).tresAllocated(null);
    } else {
      info.tresRequested(info.build().tresAllocated());
    }
  }

  private long heldCpus() {
    long cpus = 0;
    for (NodeAllocation share : shares) {
      if (!completing || job.completingNodes().contains(share.node())) {
        cpus += share.cpuCount();
      }
    }
    return cpus > 0 ? cpus : allCpus();
  }

  private long allCpus() {
    return shares.stream().mapToLong(NodeAllocation::cpuCount).sum();
  }

  private long heldNodes() {
    int left = job.completingNodes().size();
    return completing && left > 0 ? left : shares.size();
  }

  private long askedCpus() {
    return request.minCpus();
  }

  private boolean tasksGiven() {
    return request.taskCount() != NoVal.NO_VAL && request.taskCount() != 0;
  }

  private long tasks() {
    if (tasksGiven()) {
      return request.taskCount();
    }
    if (pending) {
      return request.minNodes();
    }
    return shares.isEmpty() ? NoVal.NO_VAL : shares.size();
  }

  /** The fewest nodes that the tasks fit on, as far as the partition's largest node tells. */
  private long askedNodes() {
    long tasks = tasksGiven() ? request.taskCount() : 0;
    NodeDefinition largest = largestNode();
    long cpus = Math.max(1, largest.cpus());
    int perCore = request.tasksPerCore();
    long least;
    if (request.tasksPerNode() > 0) {
      least = tasks / request.tasksPerNode();
    } else if (request.cpusPerTask() > 1 && request.cpusPerTask() != NoVal.NO_VAL16) {
      long perNode = Math.max(1, cpus / request.cpusPerTask());
      least = ceiling(tasks, perNode);
    } else if (perCore > 0 && perCore != NoVal.INFINITE16 && perCore != NoVal.NO_VAL16) {
      long cores = Math.max(1, largest.sockets() * largest.coresPerSocket());
      least = ceiling(ceiling(tasks, perCore), cores);
    } else {
      least = ceiling(tasks, cpus);
    }
    return Math.max(least, request.minNodes());
  }

  /**
   * None is told of a job that ran before. From 23.11 it is at least what is asked for, of a job
   * for which nodes were never looked for.
   */
  private long mostNodes() {
    if (job.restartCount() > 0) {
      return 0;
    }
    if (ImplicitNodes.areMeant(request) && release.atLeast(Release.V26_05)) {
      return ImplicitNodes.most(request);
    }
    boolean counted =
        request.tasksPerNode() > 0
            || (request.cpusPerTask() > 1 && request.cpusPerTask() != NoVal.NO_VAL16)
            || (request.tasksPerCore() > 0
                && request.tasksPerCore() != NoVal.INFINITE16
                && request.tasksPerCore() != NoVal.NO_VAL16);
    boolean untried =
        pending
            && ((job.priority() == 0 && job.eligibleTime() == null)
                || PartitionLimits.isStranger(request, partition()));
    return release.atLeast(Release.V23_11) && untried && !counted
        ? Math.max(askedNodes(), request.maxNodes())
        : request.maxNodes();
  }

  private Partition partition() {
    return state.partitions().get(job.partition()).orElse(null);
  }

  private NodeDefinition largestNode() {
    Partition partition = state.partitions().get(job.partition()).orElse(null);
    NodeDefinition largest = NodeDefinition.builder().build();
    if (partition != null) {
      for (NodeName name : partition.members()) {
        NodeDefinition node = state.nodes().get(name).map(Node::definition).orElse(largest);
        largest = node.cpus() > largest.cpus() ? node : largest;
      }
    }
    return largest;
  }

  private static long ceiling(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private void requested(JobInfo.Builder info) {
    Partition partition = state.partitions().get(job.partition()).orElse(null);
    long cpus = NodeCapacity.cpusAsked(request);
    long asked = cpus - Math.min(request.addedCpus(), cpus);
    long nodes = request.minNodes();
    long each = request.memoryMiB();
    boolean perCpu = request.memoryPerCpu();
    if (each == 0) {
      each = firstNodesMemory(partition);
      perCpu = false;
    }
    long memory = each == NoVal.NO_VAL64 ? 0 : each * (perCpu ? cpus : nodes);
    long billing = (long) TresText.billing(partition, asked, memory, nodes);
    info.tresRequested(TresText.of(asked, memory, nodes, billing))
        .minMemory(request.memoryMiB() | (request.memoryPerCpu() ? PER_CPU : 0));
  }

  /** A job that asks for all memory is counted with that of the partition's first node. */
  private long firstNodesMemory(Partition partition) {
    if (partition == null || partition.members().isEmpty()) {
      return 0;
    }
    Node node = state.nodes().get(partition.members().get(0)).orElse(null);
    return node == null
        ? 0
        : node.definition().realMemoryMiB() - node.definition().memorySpecLimitMiB();
  }

  private void allocated(JobInfo.Builder info) {
    Allocation allocation = job.allocation().get(0);
    Partition partition = state.partitions().get(job.partition()).orElse(null);
    long cpus = allCpus();
    long memory = allocation.nodes().stream().mapToLong(NodeAllocation::memoryMiB).sum();
    double billing = TresText.billing(partition, cpus, memory, shares.size());
    info.tresAllocated(TresText.of(cpus, memory, shares.size(), (long) billing))
        .billableTres(billing);
  }
}
