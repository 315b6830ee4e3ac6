package baton.controller.query;

import baton.controller.model.ClusterState;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.NodeState;
import baton.controller.model.Partition;
import baton.protocol.message.NodeInfo;
import baton.protocol.message.NodeInfoResponse;
import baton.protocol.type.BitString;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Nodes as {@code sinfo} and {@code scontrol show node} see them.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/node_mgr.c, src/plugins/select/cons_tres.
 */
public final class NodeAnswers {
  private static final int WHOLE_FOR_USER = 2;
  private static final int PRIVATE_CLOUD_NODES = 0x80;
  private static final long STATE_BASE = 0xf;

  /** Stands up to 24.05 in the place of a node that the asker does not see. */
  private static final NodeInfo BLANK =
      NodeInfo.builder()
          .nextState(0)
          .owner(Uid.ROOT)
          .cpuLoad(0)
          .freeMemory(0)
          .reasonUserId(Uid.ROOT)
          .extSensorsConsumedEnergy(0)
          .extSensorsTemperature(0)
          .extSensorsCurrentWatts(0)
          .build();

  private NodeAnswers() {}

  /** True if PrivateData withholds nodes from the asker. */
  public static boolean denied(ClusterState state, Asker asker) {
    return new Visibility(state, asker).nodesDenied();
  }

  /** All places of the node table. */
  public static NodeInfoResponse all(ClusterState state, Asker asker) {
    Visibility visibility = new Visibility(state, asker);
    BitSet planned = planned(state);
    boolean blanks = !asker.release().atLeast(Release.V24_11);
    List<NodeInfo> shown = new ArrayList<>();
    BitSet hidden = new BitSet(state.order().size());
    for (int i = 0; i < state.order().size(); i++) {
      NodeName name = state.order().names().get(i);
      Node node = state.nodes().get(name).orElse(null);
      boolean cloud = node != null && isHiddenCloud(state, node);
      if (node != null && visibility.shows(name) && isKnown(node, asker) && !cloud) {
        shown.add(of(state, node, asker, planned.get(i)));
      } else if (blanks) {
        shown.add(BLANK);
      } else {
        hidden.set(i);
      }
    }
    return NodeInfoResponse.builder()
        .recordCount(state.order().size())
        .lastUpdate(state.facts().now().getEpochSecond())
        .hiddenNodes(BitString.of(state.order().size(), hidden))
        .nodes(shown)
        .build();
  }

  /** One node by name, the first without a name; no record if there is none to be seen. */
  public static NodeInfoResponse single(ClusterState state, Asker asker, String name) {
    Visibility visibility = new Visibility(state, asker);
    NodeName asked = null;
    if (name != null && !name.isEmpty()) {
      asked = NodeName.of(name);
    } else if (state.order().size() > 0) {
      asked = state.order().names().get(0);
    }
    Node node = asked == null ? null : state.nodes().get(asked).orElse(null);
    List<NodeInfo> shown = new ArrayList<>();
    if (node != null && visibility.shows(asked) && isKnown(node, asker)) {
      shown.add(of(state, node, asker, planned(state).get(state.order().indexOf(asked))));
    }
    return NodeInfoResponse.builder()
        .recordCount(shown.size())
        .lastUpdate(state.facts().now().getEpochSecond())
        .nodes(shown)
        .build();
  }

  private static boolean isKnown(Node node, Asker asker) {
    return node.baseState() != NodeState.FUTURE || asker.future();
  }

  private static boolean isHiddenCloud(ClusterState state, Node node) {
    long off = NodeFlag.CLOUD | NodeFlag.POWERED_DOWN;
    return (node.flags() & off) == off && (state.config().privateData() & PRIVATE_CLOUD_NODES) == 0;
  }

  /** Nodes on which jobs that wait are expected to start. */
  private static BitSet planned(ClusterState state) {
    BitSet planned = new BitSet(state.order().size());
    Set<String> seen = new HashSet<>();
    for (Job job : state.jobs().values()) {
      boolean placed = job.state() == JobState.PENDING && job.expectedNodes() != null;
      if (placed && seen.add(job.expectedNodes())) {
        planned.or(NodeLists.bits(state.order(), job.expectedNodes()).toBitSet());
      }
    }
    return planned;
  }

  private static NodeInfo of(ClusterState state, Node node, Asker asker, boolean planned) {
    NodeInfo.Builder info = NodeInfo.builder();
    defined(node.definition(), info);
    registered(node, info);
    standing(node, info);
    used(state, node, info);
    info.tres(configured(state, node.definition()));
    NodeInfo shown = info.gresDrained(asker.detail() ? "N/A" : null).build();
    return planned && isPartlyFree(shown, asker)
        ? shown.toBuilder().nodeState(shown.nodeState() | NodeFlag.PLANNED).build()
        : shown;
  }

  private static void defined(NodeDefinition node, NodeInfo.Builder info) {
    info.nodeName(node.name().value())
        .nodeHostname(node.hostName())
        .nodeAddress(node.address())
        .broadcastAddress(node.bcastAddress())
        .port(node.port())
        .cpus(node.cpus())
        .boards(node.boards())
        .sockets(node.sockets())
        .cores(node.coresPerSocket())
        .threads(node.threadsPerCore())
        .realMemory(node.realMemoryMiB())
        .temporaryDisk(node.tmpDiskMiB())
        .coreSpecCount(node.coreSpecCount())
        .cpuSpecList(node.cpuSpecList())
        .memorySpecLimit(node.memorySpecLimitMiB())
        .effectiveCpus(effectiveCpus(node))
        .cpuBind(node.cpuBind())
        .gres(node.gres())
        .extSensorsCurrentWatts(0);
  }

  /** Configured resources; billed as the dearest of the node's partitions bills it. */
  private static String configured(ClusterState state, NodeDefinition node) {
    double billing = node.cpus();
    for (Partition partition : state.partitions().values()) {
      if (partition.billingWeights() != null && partition.members().contains(node.name())) {
        double price = TresText.billing(partition, node.cpus(), node.realMemoryMiB(), 1);
        billing = Math.max(billing, price);
      }
    }
    return TresText.of(node.cpus(), node.realMemoryMiB(), 0, (long) billing);
  }

  /** CPUs that jobs may have: without the cores kept for the system. */
  private static int effectiveCpus(NodeDefinition node) {
    if (node.coreSpecCount() > 0) {
      boolean threadsCounted = node.cpus() > node.sockets() * node.coresPerSocket();
      int each = threadsCounted ? node.threadsPerCore() : 1;
      return Math.max(0, node.cpus() - node.coreSpecCount() * each);
    }
    return node.cpus();
  }

  private static void registered(Node node, NodeInfo.Builder info) {
    info.cpuLoad(node.cpuLoad()).freeMemory(node.freeMemoryMiB());
    if (!node.registration().isEmpty()) {
      NodeRegistration told = node.registration().get(0);
      info.version(told.version())
          .architecture(told.architecture())
          .os(told.operatingSystem())
          .bootTime(seconds(told.bootTime()))
          .slurmdStartTime(seconds(told.slurmdStartTime()));
    }
  }

  /** Up to 24.05 a node is planned for only as long as no job runs there. */
  private static boolean isPartlyFree(NodeInfo node, Asker asker) {
    long base = node.nodeState() & STATE_BASE;
    boolean idle = base == NodeState.IDLE.value();
    boolean mixed =
        base == NodeState.ALLOCATED.value()
            && node.allocatedCpus() > 0
            && node.allocatedCpus() < node.effectiveCpus();
    return idle || (mixed && asker.release().atLeast(Release.V24_11));
  }

  private static void standing(Node node, NodeInfo.Builder info) {
    info.weight(node.weight())
        .features(node.featuresAvailable())
        .activeFeatures(node.featuresActive())
        .comment(node.comment())
        .extra(node.extra())
        .reason(node.reason())
        .reasonTime(seconds(node.reasonTime()))
        .reasonUserId(reasonUser(node))
        .resumeAfter(seconds(node.resumeAfter()))
        // No node is ever powered down.
        .suspendTime(NoVal.INFINITE)
        .lastBusy(seconds(node.lastBusy()));
  }

  /** A reason of slurm.conf counts as root's. */
  private static Uid reasonUser(Node node) {
    boolean nobodys = node.reasonUid().value() == NoVal.NO_VAL;
    return node.reason() != null && nobodys ? Uid.ROOT : node.reasonUid();
  }

  /**
   * What jobs use. A job that is being cleaned up uses nothing any more but keeps its node in
   * COMPLETING; one that is suspended keeps its memory alone.
   */
  private static void used(ClusterState state, Node node, NodeInfo.Builder info) {
    long cpus = 0;
    long memory = 0;
    boolean running = false;
    boolean completing = false;
    Uid owner = Uid.of(NoVal.NO_VAL);
    for (Holding holding : state.holdingsOn(node.name())) {
      Job job = state.jobs().get(holding.jobId()).orElseThrow();
      boolean holds = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
      running |= job.state() == JobState.RUNNING;
      completing |= !holds;
      if (holds) {
        memory += holding.share().memoryMiB();
        cpus += holding.suspended() ? 0 : holding.share().cpuCount();
        owner = holding.wholeNode() == WHOLE_FOR_USER ? holding.userId() : owner;
      }
    }
    long shownCpus = Math.min(cpus, node.definition().cpus());
    info.allocatedCpus((int) shownCpus)
        .allocatedMemory(memory)
        .allocatedTres(TresText.of(cpus, memory, 0, 0))
        .allocatedTresWeighted((double) cpus)
        .owner(owner)
        .nodeState(shownState(node, running, completing));
  }

  /** ALLOCATED stands for MIXED too: clients tell the two apart by the CPUs in use. */
  private static long shownState(Node node, boolean running, boolean completing) {
    boolean usable = node.baseState() != NodeState.DOWN && node.baseState() != NodeState.FUTURE;
    NodeState base = usable && running ? NodeState.ALLOCATED : node.baseState();
    long flags = completing ? node.flags() | NodeFlag.COMPLETING : node.flags();
    if (usable && completing && !running && base == NodeState.UNKNOWN) {
      base = NodeState.IDLE;
    }
    return base.value() | flags;
  }

  private static long seconds(Instant time) {
    return time == null ? 0 : time.getEpochSecond();
  }
}
