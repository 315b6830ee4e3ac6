package baton.controller.lifecycle.step;

import baton.controller.lifecycle.NodeCapacity;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterConfig;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.Step;
import baton.controller.model.StepFlag;
import baton.controller.model.StepShare;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a job holds on each of its nodes, and what its steps use of that. Nodes are numbered in the
 * job's order. Read only; made for one step.
 */
public final class StepRoom {
  private static final int MEMORY_IS_CONSUMED = 0x10;
  private static final int BY_CORE_OR_SOCKET = 0x2 | 0x4;
  private static final int ONE_THREAD_PER_CORE = 0x2000;
  private static final long UNREACHABLE = NodeFlag.NO_RESPOND | NodeFlag.POWERED_DOWN;

  private final Job job;
  private final ClusterConfig config;
  private final List<NodeAllocation> held;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<NodeName, Integer> numbers = new HashMap<>();
  private final int[] cpusUsed;
  private final long[] memoryUsedMiB;
  private final List<BitSet> coresUsed = new ArrayList<>();
  private final BitSet busy = new BitSet();

  /**
   * @param job a job that holds an allocation
   * @param steps its steps
   * @param lookUp finds a node; null for one that is gone
   */
  public StepRoom(
      Job job, Collection<Step> steps, Function<NodeName, Node> lookUp, ClusterConfig config) {
    this.job = job;
    this.config = config;
    this.held = job.allocation().get(0).nodes();
    this.cpusUsed = new int[held.size()];
    this.memoryUsedMiB = new long[held.size()];
    for (int n = 0; n < held.size(); n++) {
      NodeAllocation share = held.get(n);
      Node node = lookUp.apply(share.node());
      nodes.add(node == null ? gone(share) : node);
      numbers.put(share.node(), n);
      coresUsed.add(new BitSet());
    }
    steps.forEach(this::use);
  }

  private static Node gone(NodeAllocation share) {
    NodeDefinition oneSocket =
        NodeDefinition.builder()
            .name(share.node())
            .cpus(share.cpuCount())
            .coresPerSocket(Math.max(1, share.cores().size()))
            .build();
    return Node.builder()
        .name(share.node())
        .definition(oneSocket)
        .baseState(baton.controller.model.NodeState.DOWN)
        .build();
  }

  private void use(Step step) {
    boolean overlaps = (step.request().flags() & StepFlag.OVERLAP) != 0;
    boolean numbered = step.stepId() < NoVal.NO_VAL - 4;
    for (StepShare share : step.shares()) {
      Integer n = numbers.get(share.node());
      if (n == null || step.state() == JobState.PENDING || !numbered) {
        continue;
      }
      busy.set(n);
      if (!overlaps) {
        cpusUsed[n] += Math.toIntExact(share.cpuCount());
        memoryUsedMiB[n] += step.memoryForAll() ? 0 : share.memoryMiB();
        share.cores().indices().forEach(coresUsed.get(n)::set);
      }
    }
  }

  Job job() {
    return job;
  }

  ClusterConfig config() {
    return config;
  }

  int size() {
    return held.size();
  }

  NodeAllocation held(int n) {
    return held.get(n);
  }

  NodeDefinition definition(int n) {
    return nodes.get(n).definition();
  }

  Node node(int n) {
    return nodes.get(n);
  }

  /** The node's number in the job; -1 if the job has no such node. */
  int numberOf(String name) {
    Integer n = name.isEmpty() ? null : numbers.get(NodeName.of(name));
    return n == null ? -1 : n;
  }

  int cpusUsed(int n) {
    return cpusUsed[n];
  }

  long memoryUsedMiB(int n) {
    return memoryUsedMiB[n];
  }

  BitSet coresUsed(int n) {
    return coresUsed.get(n);
  }

  /** Nodes where a numbered step runs. */
  BitSet busy() {
    return (BitSet) busy.clone();
  }

  BitSet up() {
    BitSet up = new BitSet();
    for (int n = 0; n < size(); n++) {
      up.set(n, !NodeLifecycle.isDown(nodes.get(n)));
    }
    return up;
  }

  /** True if a node of the job does not answer, or is only being started. */
  boolean hasUnreachable() {
    return nodes.stream().anyMatch(node -> (node.flags() & UNREACHABLE) != 0);
  }

  /** True if every node of the job has the same number of CPUs for it. */
  boolean isUniform() {
    return held.stream().mapToInt(NodeAllocation::cpuCount).distinct().count() == 1;
  }

  boolean memoryCounts() {
    return (config.selectTypeParameters() & MEMORY_IS_CONSUMED) != 0;
  }

  long totalCpus() {
    return held.stream().mapToLong(NodeAllocation::cpuCount).sum();
  }

  /** CPUs that Slurm counts for one core of the node. */
  int threadsUsed(int n) {
    return NodeCapacity.cpusOfCore(definition(n));
  }

  /** Threads of each core that the step, or else its job, wants to use; NO_VAL16 for no say. */
  int threadsAsked(int ofStep) {
    if (ofStep != 0 && ofStep != NoVal.NO_VAL16) {
      return ofStep;
    }
    int ofJob = job.request().threadsPerCore();
    return ofJob == 0 ? NoVal.NO_VAL16 : ofJob;
  }

  /** True if tasks get one thread of each core that they are given. */
  boolean oneThreadPerCore(int ofStep) {
    int ofJob = job.request().threadsPerCore();
    Allocation allocation = job.allocation().get(0);
    int bind = job.request().cpuBindType();
    return ofStep == 1
        || (ofStep == NoVal.NO_VAL16 && ofJob == 1)
        || (allocation.wholeNode() != 1
            && (config.selectTypeParameters() & BY_CORE_OR_SOCKET) != 0
            && bind != NoVal.NO_VAL16
            && (bind & ONE_THREAD_PER_CORE) != 0);
  }
}
