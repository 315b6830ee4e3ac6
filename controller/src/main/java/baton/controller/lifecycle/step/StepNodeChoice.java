package baton.controller.lifecycle.step;

import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.NodeFlag;
import baton.controller.model.StepRequest;
import baton.controller.model.TaskDistribution;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which nodes of its job a step gets: those asked for, then nodes without other steps, then any
 * with room, in the job's order. A step that could start if others were gone is told NODES_BUSY.
 */
final class StepNodeChoice {
  private static final SlurmError IMPOSSIBLE = SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE;
  private static final long PER_CPU = 1L << 63;

  private final StepRoom room;
  private final StepRequest request;
  private final int cpusPerTask;
  private final Predicate<String> isNode;
  private final BitSet picked = new BitSet();
  private long minNodes;
  private long maxNodes;
  private int nextNode;
  private NodeUse use;
  private BitSet available;

  private StepNodeChoice(
      StepRoom room, StepRequest request, int cpusPerTask, Predicate<String> isNode) {
    this.room = room;
    this.request = request;
    this.cpusPerTask = cpusPerTask;
    this.isNode = isNode;
    this.minNodes = request.minNodes();
    this.nextNode = (int) room.job().nextStepNode();
    this.maxNodes = request.maxNodes() == 0 ? room.size() : request.maxNodes();
  }

  /**
   * Chooses.
   *
   * @param cpusPerTask CPUs of each task; 0 if not known
   * @param isNode tells names of the cluster's nodes
   */
  static Picked of(StepRoom room, StepRequest request, int cpusPerTask, Predicate<String> isNode) {
    StepNodeChoice choice = new StepNodeChoice(room, request, cpusPerTask, isNode);
    SlurmError refusal = choice.choose();
    if (refusal != null) {
      return Picked.refused((int) room.job().nextStepNode(), choice.orBusy(refusal));
    }
    return new Picked(choice.picked, choice.minNodes, choice.nextAfterwards(), null);
  }

  /**
   * From 24.11 steps of a job go round its nodes: on from the highest that this one has; from 26.05
   * from the one that was chosen last, if any was (those asked for by name are not).
   */
  private int nextAfterwards() {
    boolean allNodes = minNodes == NoVal.INFINITE;
    if (allNodes || !StandIn.isAtLeast(room.config(), Release.V24_11)) {
      return 0;
    }
    return StandIn.isAtLeast(room.config(), Release.V26_05) ? nextNode : picked.length();
  }

  /** A node of the job that is down may come back: srun is to wait. */
  private SlurmError orBusy(SlurmError refusal) {
    if (refusal != SlurmError.ESLURM_NODE_NOT_AVAIL) {
      return refusal;
    }
    for (int n = 0; n < room.size(); n++) {
      boolean silent = NodeLifecycle.has(room.node(n), NodeFlag.NO_RESPOND);
      if (NodeLifecycle.isDown(room.node(n)) && !silent) {
        return SlurmError.ESLURM_NODES_BUSY;
      }
    }
    return refusal;
  }

  private SlurmError choose() {
    if (maxNodes < minNodes && minNodes != NoVal.INFINITE) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    BitSet candidates = room.up();
    SlurmError refusal = exclude(candidates);
    if (refusal == null) {
      withFeature(candidates);
      refusal = beforeTheFirst();
    }
    if (refusal != null) {
      return refusal;
    }
    use = new NodeUse(room, request, cpusPerTask, candidates);
    available = use.available;
    if (use.refusal != null) {
      return use.refusal;
    }
    if (minNodes == NoVal.INFINITE) {
      picked.or(available);
      return picked.isEmpty() ? SlurmError.ESLURM_NODES_BUSY : null;
    }
    refusal = takeAskedFor();
    if (refusal == null) {
      refusal = relative();
    }
    if (refusal == null) {
      refusal = nodesForCpus();
    }
    if (refusal == null && minNodes > 0) {
      refusal = takeMinimum();
    }
    return refusal == null && request.cpuCount() > 0 ? takeForCpus() : refusal;
  }

  private static Optional<HostList> parse(String list) {
    try {
      return Optional.of(HostList.parse(list));
    } catch (HostListException notAList) {
      return Optional.empty();
    }
  }

  /** The nodes of a list; empty if one of them is unknown to the cluster. */
  private Optional<List<String>> named(String list) {
    return parse(list).map(HostList::hosts).filter(hosts -> hosts.stream().allMatch(isNode));
  }

  private SlurmError exclude(BitSet candidates) {
    if (request.excludedNodes() == null) {
      return null;
    }
    Optional<List<String>> excluded = named(request.excludedNodes());
    if (excluded.isEmpty()) {
      return SlurmError.ESLURM_INVALID_NODE_NAME;
    }
    for (String host : excluded.get()) {
      int n = room.numberOf(host);
      if (n >= 0) {
        candidates.clear(n);
      }
    }
    if (request.nodes() == null) {
      return null;
    }
    Optional<List<String>> asked = named(request.nodes());
    boolean both = asked.isEmpty() || asked.get().stream().anyMatch(excluded.get()::contains);
    return both ? IMPOSSIBLE : null;
  }

  /** One feature by name, as far as Slurm reads it for steps. */
  private void withFeature(BitSet candidates) {
    String feature = request.features();
    if (feature == null || feature.equals(room.job().request().features())) {
      return;
    }
    for (int n = 0; n < room.size(); n++) {
      String active = room.node(n).featuresActive();
      boolean has = active != null && List.of(active.split(",", -1)).contains(feature);
      if (!has) {
        candidates.clear(n);
      }
    }
  }

  private SlurmError beforeTheFirst() {
    if (room.job().nextStepId() == 0 && room.hasUnreachable()) {
      return SlurmError.ESLURM_NODES_BUSY;
    }
    long ofJob = room.job().request().memoryMiB();
    boolean perNode = (request.memory() & PER_CPU) == 0 && !room.job().request().memoryPerCpu();
    boolean tooMuch = request.memory() != 0 && ofJob != 0 && request.memory() > ofJob;
    return room.memoryCounts() && perNode && tooMuch ? SlurmError.ESLURM_INVALID_TASK_MEMORY : null;
  }

  private SlurmError takeAskedFor() {
    if (request.nodes() == null) {
      return null;
    }
    Optional<List<String>> asked = named(request.nodes());
    if (asked.isEmpty()) {
      return IMPOSSIBLE;
    }
    BitSet chosen = new BitSet();
    for (String host : asked.get()) {
      int n = room.numberOf(host);
      if (n < 0) {
        return IMPOSSIBLE;
      }
      chosen.set(n);
    }
    BitSet missing = (BitSet) chosen.clone();
    missing.andNot(available);
    if (!missing.isEmpty()) {
      boolean memory = use.nodesInUse == 0 && use.nodesWithoutMemory == 0;
      return memory ? SlurmError.ESLURM_INVALID_TASK_MEMORY : SlurmError.ESLURM_NODES_BUSY;
    }
    int count = chosen.cardinality();
    if (TaskDistribution.base(request.taskDistribution()) == TaskDistribution.ARBITRARY) {
      minNodes = count;
    }
    if (count > maxNodes) {
      return IMPOSSIBLE;
    }
    if (minNodes > 0 && count > minNodes) {
      available = chosen;
    } else {
      picked.or(chosen);
      available.andNot(chosen);
    }
    return null;
  }

  private SlurmError relative() {
    if (request.relative() == NoVal.NO_VAL16) {
      return null;
    }
    if (request.relative() > room.size()) {
      return IMPOSSIBLE;
    }
    available.clear(0, request.relative());
    nextNode = 0;
    return null;
  }

  /** Where all nodes are alike, a number of CPUs is a number of nodes. */
  private SlurmError nodesForCpus() {
    if (request.cpuCount() == 0 || !room.isUniform()) {
      return null;
    }
    long cpus = request.cpuCount();
    int threads = room.threadsAsked(request.threadsPerCore());
    int ofJob = room.job().request().threadsPerCore();
    if (threads != NoVal.NO_VAL16 && threads < ofJob) {
      int used = room.threadsUsed(0);
      if (threads < used) {
        cpus = (cpus + threads - 1) / threads * used;
      } else if (threads > used) {
        return SlurmError.ESLURM_BAD_THREAD_PER_CORE;
      }
    }
    int each = Math.max(1, room.held(0).cpuCount());
    minNodes = Math.max(minNodes, (cpus + each - 1) / each);
    if ((request.taskDistribution() & TaskDistribution.PACK_NODES) != 0) {
      maxNodes = minNodes;
    }
    return maxNodes < minNodes ? SlurmError.ESLURM_TOO_MANY_REQUESTED_CPUS : null;
  }

  private SlurmError takeMinimum() {
    int count = picked.cardinality();
    if (available.cardinality() + count < minNodes) {
      return SlurmError.ESLURM_NODES_BUSY;
    }
    if (count >= minNodes) {
      return null;
    }
    if (request.relative() == NoVal.NO_VAL16) {
      BitSet idle = (BitSet) available.clone();
      idle.andNot(room.busy());
      if (idle.cardinality() >= minNodes - count && take(idle, count)) {
        return null;
      }
    }
    if (take(available, count)) {
      return null;
    }
    return shortOf(available.cardinality() + count);
  }

  private boolean take(BitSet from, int count) {
    long most = maxNodes > minNodes && maxNodes != NoVal.NO_VAL ? maxNodes : minNodes;
    int nodes = (int) Math.min(from.cardinality(), Math.max(0, most - count));
    if (nodes == 0) {
      return false;
    }
    long cpus = Math.max(0, request.cpuCount() - use.cpusOf(picked));
    CpuCover more = CpuCover.of(from, nextNode, nodes, cpus, use.cpus);
    if (more == null) {
      return false;
    }
    picked.or(more.nodes());
    available.andNot(more.nodes());
    nextNode = (more.last() + 1) % room.size();
    return true;
  }

  private SlurmError shortOf(int nodes) {
    if (maxNodes <= nodes && use.cpusWithoutMemory == 0 && use.cpusInUse == 0) {
      return SlurmError.ESLURM_TOO_MANY_REQUESTED_CPUS;
    }
    if (use.cpusWithoutMemory > 0 || minNodes <= nodes + use.nodesWithoutMemory + use.nodesInUse) {
      return SlurmError.ESLURM_NODES_BUSY;
    }
    return room.up().cardinality() < room.size() ? SlurmError.ESLURM_NODE_NOT_AVAIL : IMPOSSIBLE;
  }

  /** Adds nodes until there are CPUs enough. */
  private SlurmError takeForCpus() {
    long have = use.cpusOf(picked);
    int count = picked.cardinality();
    for (int n = available.nextSetBit(0);
        n >= 0 && have < request.cpuCount() && count < maxNodes;
        n = available.nextSetBit(n + 1)) {
      if (use.cpus[n] > 0) {
        picked.set(n);
        count++;
        have += use.cpus[n];
        minNodes = minNodes == 0 ? 0 : count;
      }
    }
    if (request.cpuCount() <= have) {
      return null;
    }
    if (request.cpuCount() <= have + use.cpusWithoutMemory + use.cpusInUse) {
      return SlurmError.ESLURM_NODES_BUSY;
    }
    return room.up().cardinality() < room.size() ? SlurmError.ESLURM_NODE_NOT_AVAIL : IMPOSSIBLE;
  }
}
