package baton.controller.scheduler.select;

import baton.controller.lifecycle.NodeCapacity;
import baton.controller.model.Holding;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.Partition;
import baton.protocol.type.NoVal;
import java.util.BitSet;
import java.util.List;

/**
 * What one node can give one job.
 *
 * @param node the node
 * @param index its place in the cluster's node order
 * @param capacity what is free there
 * @param cpus CPUs that the job can use there
 */
record NodeOffer(Node node, int index, NodeCapacity capacity, int cpus) {
  private static final int FORCE = 0x8000;
  private static final int EXCLUSIVE_USER = 2;
  private static final long PARTITION_EXCLUSIVE_USER = 0x40;
  private static final int SOCKETS = 0x2;

  /**
   * The offer of a node, or null if it can give this job nothing.
   *
   * @param share whether cores may be used that others of the partition use
   */
  static NodeOffer of(
      Pool pool, Node node, JobRequest request, Partition partition, boolean share) {
    if (pool.isFenced(node.name())) {
      return null;
    }
    NodeDefinition defined = node.definition();
    List<Holding> held = pool.heldOn(node.name());
    boolean alone = held.stream().allMatch(Holding::suspended);
    boolean exclusive = isExclusive(pool, request, partition);
    if (exclusive && !alone) {
      return null;
    }
    long memory = NodeCapacity.memoryOf(defined);
    long byPartition = 0;
    boolean untouched = true;
    int rows = share ? Math.max(1, partition.maxShare() & ~FORCE) : 1;
    int[] users = new int[NodeCapacity.coreCount(defined)];
    for (Holding other : held) {
      if (excludes(other, request, partition)) {
        return null;
      }
      memory -= other.share().memoryMiB();
      untouched &= other.share().memoryMiB() == 0;
      boolean same = other.partition().equals(partition.name());
      byPartition += same ? other.share().cpuCount() : 0;
      if (!other.suspended()) {
        int weight = same && rows > 1 && pool.shares(other) ? 1 : rows;
        other
            .share()
            .cores()
            .indices()
            .filter(core -> core < users.length)
            .forEach(core -> users[core] += weight);
      }
    }
    BitSet free = new BitSet();
    for (int core = 0; core < users.length; core++) {
      free.set(core, users[core] < rows);
    }
    if ((pool.selectParameters(partition) & SOCKETS) != 0) {
      onlyWholeSockets(free, defined);
    }
    long limit =
        partition.maxCpusPerNode() == NoVal.INFINITE ? Long.MAX_VALUE : partition.maxCpusPerNode();
    NodeCapacity capacity =
        new NodeCapacity(
            defined, free, memory, pool.memoryIsConsumed(), untouched, byPartition, limit);
    int cpus = capacity.cpus(request);
    if (pool.offersWholeTasks() && !exclusive) {
      capacity = capacity.forTasks(request);
      cpus = Math.min(cpus, capacity.freeCpus(request));
      cpus = cpus < request.minCpusPerNode() ? 0 : cpus;
    }
    return cpus == 0 ? null : new NodeOffer(node, pool.orderOf(node.name()), capacity, cpus);
  }

  private static boolean excludes(Holding other, JobRequest request, Partition partition) {
    if (other.wholeNode() == 1 && !other.suspended()) {
      return true;
    }
    boolean alone =
        request.shareMode() == EXCLUSIVE_USER
            || other.wholeNode() == EXCLUSIVE_USER
            || (partition.flags() & PARTITION_EXCLUSIVE_USER) != 0;
    return alone && !other.userId().equals(request.userId());
  }

  private static void onlyWholeSockets(BitSet free, NodeDefinition defined) {
    int cores = defined.coresPerSocket();
    for (int first = 0; first < defined.sockets() * cores; first += cores) {
      if (free.get(first, first + cores).cardinality() < cores) {
        free.clear(first, first + cores);
      }
    }
  }

  /** True if the job gets whole nodes. */
  static boolean isExclusive(Pool pool, JobRequest request, Partition partition) {
    return pool.wholeNodesOnly() || partition.maxShare() == 0 || request.shareMode() == 0;
  }

  /** True if the job may use cores that others of its partition use. */
  static boolean sharesCores(JobRequest request, Partition partition) {
    boolean forced = (partition.maxShare() & FORCE) != 0;
    boolean offered = (partition.maxShare() & ~FORCE) > 1;
    return offered && request.shareMode() != 0 && (forced || request.shareMode() == 1);
  }
}
