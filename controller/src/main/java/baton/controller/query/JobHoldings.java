package baton.controller.query;

import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.protocol.message.JobResources;
import baton.protocol.type.BitString;
import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a job holds, node by node, as {@code scontrol -d show job} shows it.
 *
 * <p>Source of the layout: 22.05-26.05 src/common/job_resources.c.
 */
public final class JobHoldings {
  private static final long SHARED = 0;
  private static final long ONE_ROW = 1;
  private static final long RESERVED = 64_000;

  private static final int WHOLE_FOR_LABEL = 3;
  private static final int LABEL_BIT = 4;

  private JobHoldings() {}

  /** A job's resources; those of nobody for a job that holds none. */
  public static JobResources of(ClusterState state, Job job, Release release) {
    if (job.allocation().isEmpty() || job.givenAway()) {
      return JobResources.DEFAULT;
    }
    Allocation allocation = job.allocation().get(0);
    List<NodeAllocation> shares =
        allocation.nodes().stream().filter(share -> isKnown(state, share)).toList();
    if (shares.isEmpty()) {
      return JobResources.DEFAULT;
    }
    List<NodeName> names = shares.stream().map(NodeAllocation::node).toList();
    Runs cpus = new Runs();
    shares.forEach(share -> cpus.add(share.cpuCount(), 0));
    Runs sockets = new Runs();
    BitSet cores = new BitSet();
    int coreCount = 0;
    for (NodeAllocation share : shares) {
      NodeDefinition node = state.nodes().require(share.node()).definition();
      sockets.add(node.sockets(), node.coresPerSocket());
      int base = coreCount;
      int size = node.sockets() * node.coresPerSocket();
      // a node may have become smaller under the job
      share.cores().indices().filter(core -> core < size).forEach(core -> cores.set(base + core));
      coreCount += size;
    }
    return JobResources.builder()
        .nodeCount(shares.size())
        .cpuCount(shares.stream().mapToLong(NodeAllocation::cpuCount).sum())
        .nodeRequirement(requirement(state, job, allocation))
        .nodeList(NodeLists.text(state.order(), names))
        .wholeNode(wholeNode(allocation, release))
        .threadsPerCore(job.request().threadsPerCore())
        .selectTypeParameters(selectType(state, job))
        .cpuArrayRepetitions(cpus.repetitions())
        .cpuArrayValues(cpus.first())
        .cpus(Ints.copyOf(shares.stream().map(NodeAllocation::cpuCount).toList()))
        .cpusUsed(Ints.owning(new int[shares.size()]))
        .memoryAllocated(Longs.copyOf(shares.stream().map(NodeAllocation::memoryMiB).toList()))
        .memoryUsed(Longs.owning(new long[shares.size()]))
        .socketsPerNode(sockets.first())
        .coresPerSocket(sockets.second())
        .socketCoreRepetitions(sockets.repetitions())
        .coreBitmap(BitString.of(coreCount, cores))
        .coreBitmapUsed(BitString.of(coreCount, new BitSet()))
        .nodeBitmap(NodeLists.bits(state.order(), names))
        .build();
  }

  /** False for a node that was taken out of slurm.conf. */
  private static boolean isKnown(ClusterState state, NodeAllocation share) {
    return state.order().indexOf(share.node()) >= 0 && state.nodes().get(share.node()).isPresent();
  }

  /** A number up to 23.11, bits since. */
  private static int wholeNode(Allocation allocation, Release release) {
    boolean label = allocation.wholeNode() == WHOLE_FOR_LABEL;
    return label && release.atLeast(Release.V24_05) ? LABEL_BIT : allocation.wholeNode();
  }

  private static long requirement(ClusterState state, Job job, Allocation allocation) {
    int maxShare =
        state.partitions().get(job.partition()).map(partition -> partition.maxShare()).orElse(1);
    if (allocation.wholeNode() == 1 || maxShare == 0) {
      return RESERVED;
    }
    return allocation.oversubscribed() || maxShare > 1 ? SHARED : ONE_ROW;
  }

  private static int selectType(ClusterState state, Job job) {
    int own =
        state.partitions().get(job.partition()).map(partition -> partition.crType()).orElse(0);
    return own != 0 && own != NoVal.NO_VAL16 ? own : state.config().selectTypeParameters();
  }

  /** Pairs, each with the number of times that it comes in turn. */
  private static final class Runs {
    private final List<Integer> first = new ArrayList<>();
    private final List<Integer> second = new ArrayList<>();
    private final List<Long> repetitions = new ArrayList<>();

    void add(int one, int other) {
      int last = first.size() - 1;
      if (last >= 0 && first.get(last) == one && second.get(last) == other) {
        repetitions.set(last, repetitions.get(last) + 1);
      } else {
        first.add(one);
        second.add(other);
        repetitions.add(1L);
      }
    }

    Ints first() {
      return Ints.copyOf(first);
    }

    Ints second() {
      return Ints.copyOf(second);
    }

    Longs repetitions() {
      return Longs.copyOf(repetitions);
    }
  }
}
