package baton.importer.map;

import baton.controller.model.Allocation;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.protocol.message.JobResources;
import baton.protocol.state.SavedJob;
import baton.protocol.type.BitString;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a job holds, down to the core. slurmctld keeps the cores of all its nodes in one string of
 * bits, and how many each node has run-length coded beside it.
 */
final class Allocations {
  private static final long PER_CPU = 0x8000000000000000L;
  private static final int LABEL_BIT = 4;
  private static final int WHOLE_FOR_LABEL = 3;
  private static final long OPEN_TO_OTHERS = 0;

  private Allocations() {}

  /**
   * What it holds, or held; none for a job that never started.
   *
   * @throws Unmappable if the record contradicts itself
   */
  static List<Allocation> of(SavedJob saved) {
    JobResources held = saved.resources();
    if (held.nodeCount() == NoVal.NO_VAL || held.nodeCount() == 0) {
      return List.of();
    }
    List<NodeName> names = Form.nodes(held.nodeList());
    int[] coreCounts = coreCounts(held, names.size());
    boolean whole =
        names.size() == held.nodeCount()
            && held.cpus().size() == names.size()
            && (held.memoryAllocated().isEmpty() || held.memoryAllocated().size() == names.size());
    if (!whole) {
      throw new Unmappable("holds resources of " + held.nodeCount() + " nodes, but names others");
    }
    List<NodeAllocation> shares = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < names.size(); i++) {
      boolean counted = !held.memoryAllocated().isEmpty();
      int cpus = held.cpus().get(i);
      shares.add(
          NodeAllocation.builder()
              .node(names.get(i))
              .cores(part(held.coreBitmap(), first, coreCounts[i]))
              .cpuCount(cpus)
              .memoryMiB(counted ? held.memoryAllocated().get(i) : 0)
              .taskCount(Math.max(1, cpus / cpusOfTask(saved)))
              .build());
      first += coreCounts[i];
    }
    return List.of(
        Allocation.builder()
            .nodes(shares)
            .wholeNode(held.wholeNode() == LABEL_BIT ? WHOLE_FOR_LABEL : held.wholeNode())
            .memoryPerCpu((saved.details().originalMinMemoryPerNode() & PER_CPU) != 0)
            .startProtocolVersion(saved.startProtocolVersion())
            .oversubscribed(held.nodeRequirement() == OPEN_TO_OTHERS)
            .build());
  }

  private static int cpusOfTask(SavedJob saved) {
    int cpus = saved.details().originalCpusPerTask();
    return cpus == 0 || cpus == NoVal.NO_VAL16 ? 1 : cpus;
  }

  /** How many cores each node has, or had when the job was given them. */
  private static int[] coreCounts(JobResources held, int nodes) {
    int[] counts = new int[nodes];
    int node = 0;
    long all = 0;
    for (int run = 0; run < held.socketCoreRepetitions().size(); run++) {
      int cores = held.socketsPerNode().get(run) * held.coresPerSocket().get(run);
      for (long i = 0; i < held.socketCoreRepetitions().get(run) && node < nodes; i++) {
        counts[node++] = cores;
        all += cores;
      }
    }
    if (node < nodes || all != held.coreBitmap().size()) {
      throw new Unmappable(
          "holds cores among " + held.coreBitmap().size() + ", but its nodes have " + all);
    }
    return counts;
  }

  private static BitString part(BitString all, int first, int count) {
    BitSet cores = all.toBitSet().get(first, first + count);
    return BitString.of(count, cores);
  }
}
