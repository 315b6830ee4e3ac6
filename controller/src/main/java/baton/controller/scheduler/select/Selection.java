package baton.controller.scheduler.select;

import baton.controller.lifecycle.Constraints;
import baton.controller.lifecycle.NodeCapacity;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.lifecycle.RequiredNodes;
import baton.controller.model.Allocation;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.protocol.type.BitString;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses nodes and cores for one job out of what is free in a span of time. */
public final class Selection {
  private static final long USE_MIN_NODES = 1 << 9;
  private static final int CORES_OR_SOCKETS = 0x6;
  private static final int MOST_NODES = 500_000;

  private final Pool pool;
  private final JobRequest request;
  private final Partition partition;
  private final RequiredNodes named;
  private final HostList required;
  private final boolean exclusive;

  private Selection(Pool pool, JobRequest request, Partition partition) {
    this.pool = pool;
    this.request = request;
    this.partition = partition;
    this.named = RequiredNodes.of(request);
    this.required = named.all();
    this.exclusive = NodeOffer.isExclusive(pool, request, partition);
  }

  /**
   * What was found.
   *
   * @param allocation what the job can have; null if it must wait
   * @param reason why it waits; null if it need not
   * @param text detail of the reason; null for none
   */
  public record Answer(Allocation allocation, JobReason reason, String text) {}

  /** What a job can have of a partition now; if nothing, why. */
  public static Answer choose(Pool pool, Job job, Partition partition) {
    Selection selection = new Selection(pool, job.request(), partition);
    if (selection.mostNodes() < selection.leastNodes()) {
      return new Answer(null, JobReason.PARTITION_NODE_LIMIT, null);
    }
    String missing = selection.unavailable(true);
    if (missing != null) {
      return notAvailable(missing);
    }
    Allocation allocation = selection.allocate();
    if (allocation != null) {
      return new Answer(allocation, null, null);
    }
    String down = selection.unavailable(false);
    boolean idle =
        down == null || new Selection(pool.idle(), job.request(), partition).allocate() != null;
    return idle ? new Answer(null, JobReason.RESOURCES, null) : notAvailable(down);
  }

  /** Nodes that a job names and that are down or drained; null if it can have them all. */
  public static String misses(Pool pool, Job job, Partition partition) {
    return job.request().requiredNodes() == null
        ? null
        : new Selection(pool, job.request(), partition).unavailable(true);
  }

  /** What a job can have of a partition in the pool's span of time; null for nothing. */
  public static Allocation find(Pool pool, Job job, Partition partition) {
    Selection selection = new Selection(pool, job.request(), partition);
    return selection.mostNodes() < selection.leastNodes() ? null : selection.allocate();
  }

  private static Answer notAvailable(String nodes) {
    String text = "ReqNodeNotAvail, UnavailableNodes:" + nodes;
    return new Answer(null, JobReason.NODE_NOT_AVAILABLE, text);
  }

  private Allocation allocate() {
    Allocation own = allocate(false);
    boolean shares = !exclusive && NodeOffer.sharesCores(request, partition);
    return own == null && shares ? allocate(true) : own;
  }

  private Allocation allocate(boolean share) {
    List<NodeOffer> offers = offers(share);
    Set<Integer> places = new HashSet<>();
    for (String host : required.hosts()) {
      places.add(pool.orderOf(NodeName.of(host)));
    }
    Constraints constraints = Constraints.of(request.features());
    FeatureChoice features = new FeatureChoice(pool, constraints, exclusive, offers);
    int most = mostNodes();
    Set<Integer> counted = features.counted(request, most);
    if (counted == null) {
      return null;
    }
    JobRequest sized = request;
    int least = leastNodes();
    if (!counted.isEmpty()) {
      places.addAll(counted);
      least = Math.max(least, places.size());
      long minCpus = Math.max(request.minCpus(), places.size());
      sized = request.toBuilder().minCpus(minCpus).build();
      if (least > most) {
        return null;
      }
    }
    boolean upTo = request.maxNodes() != 0 && (request.bitFlags() & USE_MIN_NODES) == 0;
    int wanted = upTo ? most : least;
    if (request.tasksPerNode() > 0 && request.taskCount() != NoVal.NO_VAL) {
      long forTasks = (request.taskCount() + request.tasksPerNode() - 1) / request.tasksPerNode();
      least = (int) Math.max(least, Math.min(MOST_NODES, forTasks));
    }
    if (request.taskCount() != NoVal.NO_VAL && request.taskCount() > 0) {
      most = (int) Math.min(most, Math.max(request.taskCount(), least));
    }
    Map<Integer, Integer> taken = features.choose(sized, places, least, most, wanted);
    return taken == null ? null : allocation(sized, offers, taken);
  }

  private Allocation allocation(
      JobRequest sized, List<NodeOffer> offers, Map<Integer, Integer> taken) {
    List<NodeOffer> chosen =
        offers.stream().filter(offer -> taken.containsKey(offer.index())).toList();
    int[] available = chosen.stream().mapToInt(offer -> taken.get(offer.index())).toArray();
    TaskLayout layout = new TaskLayout(sized, chosen, available, pool.laysOutGivenTasks());
    List<NodeAllocation> shares = new ArrayList<>();
    for (int n = 0; n < chosen.size(); n++) {
      NodeAllocation share = give(chosen.get(n), layout.cpus[n], layout.taskCount(n));
      if (share == null) {
        return null;
      }
      shares.add(share);
    }
    int mode = request.shareMode();
    return Allocation.builder()
        .nodes(shares)
        .wholeNode(exclusive ? 1 : mode == 2 || mode == 3 ? mode : 0)
        .memoryPerCpu(request.memoryPerCpu())
        .oversubscribed(NodeOffer.sharesCores(request, partition))
        .build();
  }

  /** Cores and memory of one node; null if whole cores would take more memory than there is. */
  private NodeAllocation give(NodeOffer offer, int cpus, int tasks) {
    NodeDefinition defined = offer.node().definition();
    int parameters = pool.selectParameters(partition);
    BitSet cores =
        exclusive
            ? offer.capacity().freeCores()
            : CoreChoice.choose(request, offer.capacity(), cpus, parameters);
    boolean byCpu = !exclusive && (parameters & CORES_OR_SOCKETS) == 0;
    int given = byCpu ? cpus : cores.cardinality() * NodeCapacity.cpusOfCore(defined);
    long memory = pool.memoryIsConsumed() ? memory(defined, given) : 0;
    if (memory > offer.capacity().freeMemoryMiB()) {
      return null;
    }
    return NodeAllocation.builder()
        .node(offer.node().name())
        .cores(BitString.of(NodeCapacity.coreCount(defined), cores))
        .cpuCount(given)
        .memoryMiB(memory)
        .taskCount(tasks)
        .build();
  }

  private long memory(NodeDefinition defined, int cpus) {
    if (request.memoryMiB() == 0) {
      return NodeCapacity.memoryOf(defined);
    }
    if (!request.memoryPerCpu()) {
      return request.memoryMiB();
    }
    // Threads that were not asked for come with their core, but without memory.
    int perCore = NodeCapacity.cpusOfCore(defined);
    boolean fewer =
        request.threadsPerCore() != NoVal.NO_VAL16 && request.threadsPerCore() < perCore;
    return request.memoryMiB() * (fewer ? cpus / perCore : cpus);
  }

  private List<NodeOffer> offers(boolean share) {
    HostList excluded = hosts(request.excludedNodes());
    Constraints wanted = Constraints.of(request.features());
    List<NodeOffer> offers = new ArrayList<>();
    for (NodeName name : partition.members()) {
      Node node = pool.node(name);
      if (node == null || !NodeLifecycle.isAvailable(node) || excluded.contains(name.value())) {
        continue;
      }
      if (!named.allows(name.value())) {
        continue;
      }
      if (!wanted.isNone() && !wanted.accepts(pool.featuresOf(node))) {
        continue;
      }
      NodeOffer offer = NodeOffer.of(pool, node, request, partition, share);
      if (offer != null) {
        offers.add(offer);
      }
    }
    return offers;
  }

  /** The partition's nodes, or the required ones, that are down or drained; null for none. */
  private String unavailable(boolean onlyRequired) {
    if (onlyRequired && required.isEmpty()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (NodeName name : partition.members()) {
      Node node = pool.node(name);
      boolean asked = required.isEmpty() || required.contains(name.value());
      if (asked && node != null && !NodeLifecycle.isAvailable(node)) {
        names.add(name.value());
      }
    }
    return names.isEmpty() ? null : HostList.of(names).ranged();
  }

  private int leastNodes() {
    return (int)
        Math.min(MOST_NODES, Math.max(1, Math.max(request.minNodes(), partition.minNodes())));
  }

  private int mostNodes() {
    long asked = request.maxNodes() == 0 ? MOST_NODES : request.maxNodes();
    return (int) Math.min(MOST_NODES, Math.min(partition.maxNodes(), asked));
  }

  private static HostList hosts(String expression) {
    if (expression == null) {
      return HostList.empty();
    }
    try {
      return HostList.parse(expression).unique();
    } catch (HostListException broken) {
      throw new IllegalStateException("accepted a job with the host list " + expression, broken);
    }
  }
}
