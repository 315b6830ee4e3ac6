package baton.controller.lifecycle;

import baton.controller.model.ClusterConfig;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.collection.SortedTable;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.Optional;

/**
 * MaxMemPerNode and MaxMemPerCPU, of the partition or else of the cluster. A job that wants more
 * memory for a CPU than there may be gets more CPUs instead; one that wants more of a node than
 * there may be cannot run.
 */
public final class MemoryLimits {
  private static final int MOST_CPUS = 0xfffd;

  private final JobRequest request;
  private final Partition partition;
  private final NodeDefinition first;
  private final long limitMiB;
  private final boolean tasksGrow;

  private MemoryLimits(
      JobRequest request,
      Partition partition,
      NodeDefinition first,
      long limitMiB,
      boolean tasksGrow) {
    this.request = request;
    this.partition = partition;
    this.first = first;
    this.limitMiB = limitMiB;
    this.tasksGrow = tasksGrow;
  }

  /**
   * The request as the limit in force shapes it.
   *
   * @param nodes the cluster's; the partition's first one stands for all of them
   * @return empty if the limit is exceeded
   */
  public static Optional<JobRequest> within(
      JobRequest request,
      Partition partition,
      ClusterConfig config,
      SortedTable<NodeName, Node> nodes) {
    boolean own = partition.maxMemoryMiB() != 0;
    long limitMiB = own ? partition.maxMemoryMiB() : config.maxMemoryMiB();
    boolean perCpu = own ? partition.maxMemoryPerCpu() : config.maxMemoryPerCpu();
    if (limitMiB == 0 || request.memoryMiB() == NoVal.NO_VAL64) {
      return Optional.of(request);
    }
    NodeDefinition first = first(partition, nodes);
    boolean tasksGrow = StandIn.isAtLeast(config, Release.V24_11);
    MemoryLimits limits = new MemoryLimits(request, partition, first, limitMiB, tasksGrow);
    if (perCpu) {
      Optional<JobRequest> shaped =
          request.memoryPerCpu() ? Optional.of(limits.fewerForEach()) : limits.moreCpus();
      return shaped.map(limits::counted);
    }
    long wanted = limits.ofNode() * (request.memoryPerCpu() ? limits.cpusOfNode() : 1);
    return wanted <= limitMiB ? Optional.of(request) : Optional.empty();
  }

  private static NodeDefinition first(Partition partition, SortedTable<NodeName, Node> nodes) {
    return partition.members().isEmpty()
        ? NodeDefinition.builder().build()
        : nodes
            .get(partition.members().get(0))
            .map(Node::definition)
            .orElseGet(() -> NodeDefinition.builder().build());
  }

  /** Both by the CPU: as many times the CPUs as one wants too much. */
  private JobRequest fewerForEach() {
    if (request.memoryMiB() <= limitMiB) {
      return request;
    }
    long ratio = ceiling(request.memoryMiB(), limitMiB);
    int perTask = most(NodeCapacity.cpusPerTask(request) * ratio);
    JobRequest.Builder next =
        request.toBuilder().cpusPerTask(perTask).memoryMiB(ceiling(request.memoryMiB(), ratio));
    if (!tasksGiven()) {
      next.minCpusPerNode(perTask);
    }
    long cpus = tasks() * perTask;
    boolean limited = request.maxCpus() != NoVal.NO_VAL && request.maxCpus() < cpus;
    return next.minCpus(cpus).maxCpus(limited ? cpus : request.maxCpus()).build();
  }

  /** Memory of the node, limit by the CPU: so many CPUs of each node as carry it. */
  private Optional<JobRequest> moreCpus() {
    long wanted = ofNode();
    long cpus = cpusOfNode();
    JobRequest next = request;
    long least = ceiling(wanted, limitMiB);
    if (request.minCpusPerNode() < least) {
      cpus = Math.max(cpus, least);
      JobRequest.Builder more = request.toBuilder().minCpusPerNode(most(least));
      if (request.tasksPerNode() > 0) {
        more.cpusPerTask(most(ceiling(least, request.tasksPerNode())));
      }
      next = tasksGrow ? largerTasks(least) : more.build();
    }
    return wanted <= limitMiB * cpus ? Optional.of(next) : Optional.empty();
  }

  /** From 24.11 the tasks are to use what a node must give. */
  private JobRequest largerTasks(long least) {
    long perTask;
    long perNode = least;
    long cpus = Math.max(request.minCpus(), least);
    if (request.tasksPerNode() > 0) {
      perTask = ceiling(least, request.tasksPerNode());
      perNode = Math.max(perTask * request.tasksPerNode(), least);
    } else if (tasksGiven() && request.minNodes() > 0) {
      perTask = ceiling(least * request.minNodes(), request.taskCount());
      perNode = perTask * request.taskCount() / request.minNodes();
      cpus = perNode;
    } else {
      perTask = Math.max(least, NodeCapacity.cpusPerTask(request));
    }
    boolean limited = request.maxCpus() != NoVal.NO_VAL && request.maxCpus() < cpus;
    return request.toBuilder()
        .minCpusPerNode(most(perNode))
        .cpusPerTask(most(perTask))
        .minCpus(cpus)
        .maxCpus(limited ? cpus : request.maxCpus())
        .build();
  }

  /** What the limit added is not told as asked for. */
  private JobRequest counted(JobRequest shaped) {
    long added = NodeCapacity.cpusAsked(shaped) - NodeCapacity.cpusAsked(request);
    return added <= 0 ? shaped : shaped.toBuilder().addedCpus(request.addedCpus() + added).build();
  }

  private long ofNode() {
    return request.memoryMiB() == 0 ? NodeCapacity.memoryOf(first) : request.memoryMiB();
  }

  private long tasks() {
    return tasksGiven()
        ? request.taskCount()
        : request.minNodes() * Math.max(1, request.tasksPerNode());
  }

  private boolean tasksGiven() {
    return request.taskCount() != NoVal.NO_VAL && request.taskCount() != 0;
  }

  private long cpusOfNode() {
    if (partition.maxShare() == 0 || request.shareMode() == 0) {
      return first.cpus();
    }
    long cpus = Math.max(1, request.tasksPerNode());
    if (request.maxNodes() != 0) {
      cpus = Math.max(cpus, ceiling(tasks(), request.maxNodes()));
    }
    return Math.max(cpus * NodeCapacity.cpusPerTask(request), request.minCpusPerNode());
  }

  private static long ceiling(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private static int most(long cpus) {
    return (int) Math.min(MOST_CPUS, cpus);
  }
}
