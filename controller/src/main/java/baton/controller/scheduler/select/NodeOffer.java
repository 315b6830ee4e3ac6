package baton.controller.scheduler.select;

import baton.controller.model.Holding;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.Partition;
import baton.protocol.type.BitString;
import baton.protocol.type.NoVal;
import java.util.BitSet;
import java.util.List;

/**
 * What one node can give one job now.
 *
 * @param node the node
 * @param freeCores cores that the job may have, numbered within the node
 * @param usableCpus CPUs that the job can use there, in whole tasks
 * @param freeMemoryMiB memory that is left
 */
record NodeOffer(Node node, BitSet freeCores, int usableCpus, long freeMemoryMiB) {
  private static final int FORCE = 0x8000;

  int threadsPerCore() {
    return Math.max(1, node.definition().threadsPerCore());
  }

  int cpusOfCore() {
    NodeDefinition defined = node.definition();
    int cores = coreCount(defined);
    // A node may be declared with fewer CPUs than threads: then each core counts as one.
    return Math.max(1, defined.cpus() / Math.max(1, cores));
  }

  static int coreCount(NodeDefinition defined) {
    return Math.max(1, defined.sockets() * defined.coresPerSocket());
  }

  /** The offer of a node, or null if it can give this job nothing. */
  static NodeOffer of(Pool pool, Node node, JobRequest request, Partition partition) {
    NodeDefinition defined = node.definition();
    boolean whole = isExclusive(pool, request, partition);
    List<Holding> held = pool.heldOn(node.name());
    if (whole && !held.isEmpty()) {
      return null;
    }
    BitSet free = new BitSet();
    free.set(0, coreCount(defined));
    long memory = defined.realMemoryMiB() - defined.memorySpecLimitMiB();
    int rows = Math.max(1, partition.maxShare() & ~FORCE);
    int[] users = new int[coreCount(defined)];
    for (Holding other : held) {
      if (other.wholeNode() == 1) {
        return null;
      }
      memory -= other.share().memoryMiB();
      boolean mayShare =
          sharesCores(request, partition) && other.partition().equals(partition.name());
      if (!other.suspended()) {
        other
            .share()
            .cores()
            .indices()
            .filter(core -> core < users.length)
            .forEach(core -> users[core] += mayShare ? 1 : rows);
      }
    }
    for (int core = 0; core < users.length; core++) {
      if (users[core] >= rows) {
        free.clear(core);
      }
    }
    NodeOffer offer = new NodeOffer(node, free, 0, memory);
    int usable = offer.usable(pool, request);
    return usable == 0 ? null : new NodeOffer(node, free, usable, memory);
  }

  private int usable(Pool pool, JobRequest request) {
    int cpus = freeCores.cardinality() * cpusOfCore();
    int cpusPerTask =
        request.cpusPerTask() == NoVal.NO_VAL16 ? 1 : Math.max(1, request.cpusPerTask());
    if (pool.memoryIsConsumed()) {
      if (freeMemoryMiB < Math.max(1, request.memoryMiB())) {
        return 0;
      }
      if (request.memoryPerCpu() && request.memoryMiB() > 0) {
        cpus = (int) Math.min(cpus, freeMemoryMiB / request.memoryMiB());
      }
      if (request.memoryMiB() == 0 && !pool.heldOn(node.name()).isEmpty()) {
        return 0;
      }
    }
    if (request.tasksPerNode() > 0) {
      int wanted = request.tasksPerNode() * cpusPerTask;
      return cpus < wanted && !request.overcommit() ? 0 : Math.min(cpus, wanted);
    }
    int inTasks = cpus / cpusPerTask * cpusPerTask;
    return inTasks < request.minCpusPerNode() && !request.overcommit() ? 0 : inTasks;
  }

  /** True if the job gets whole nodes. */
  static boolean isExclusive(Pool pool, JobRequest request, Partition partition) {
    return pool.wholeNodesOnly() || partition.maxShare() == 0 || request.shareMode() == 0;
  }

  /** True if the job may use cores that others of its partition use. */
  static boolean sharesCores(JobRequest request, Partition partition) {
    boolean forced = (partition.maxShare() & FORCE) != 0;
    boolean offered = (partition.maxShare() & ~FORCE) > 1;
    return offered && (forced || request.shareMode() == 1);
  }

  /** Takes {@code cpus} CPUs, or all of the node. */
  NodeAllocation give(Pool pool, JobRequest request, int cpus, boolean whole) {
    int cores =
        whole
            ? freeCores.cardinality()
            : Math.min(freeCores.cardinality(), ceilDiv(cpus, cpusOfCore()));
    BitSet given = new BitSet();
    int core = freeCores.nextSetBit(0);
    for (int left = cores; left > 0; left--) {
      given.set(core);
      core = freeCores.nextSetBit(core + 1);
    }
    int givenCpus = cores * cpusOfCore();
    return NodeAllocation.builder()
        .node(node.name())
        .cores(BitString.of(coreCount(node.definition()), given))
        .cpuCount(givenCpus)
        .memoryMiB(pool.memoryIsConsumed() ? memory(request, givenCpus) : 0)
        .build();
  }

  private long memory(JobRequest request, int cpus) {
    if (request.memoryMiB() == 0) {
      return node.definition().realMemoryMiB();
    }
    return request.memoryPerCpu() ? request.memoryMiB() * cpus : request.memoryMiB();
  }

  private static int ceilDiv(int amount, int unit) {
    return (amount + unit - 1) / unit;
  }
}
