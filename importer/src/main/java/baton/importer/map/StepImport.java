package baton.importer.map;

import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Step;
import baton.controller.model.StepRequest;
import baton.controller.model.StepShare;
import baton.protocol.message.StepLayout;
import baton.protocol.state.SavedStep;
import baton.protocol.type.BitString;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import baton.protocol.type.StepId;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Makes a step of what slurmctld saved of it. The batch script and the extern step have no record
 * in the model: they follow from their job.
 */
final class StepImport {
  private static final long ALL_BUT_PER_CPU = Long.MAX_VALUE;
  private static final long STATE = 0xff;

  private final Instant savedAt;

  /**
   * @param savedAt when the state was saved
   */
  StepImport(Instant savedAt) {
    this.savedAt = savedAt;
  }

  /** True for a step that the model keeps a record of. */
  static boolean isKept(SavedStep saved) {
    boolean followsFromJob =
        saved.stepId() == StepId.BATCH.value() || saved.stepId() == StepId.EXTERN.value();
    return !followsFromJob && saved.layout() != null && saved.layout().present() != 0;
  }

  /**
   * The step.
   *
   * @throws Unmappable if it is on nodes that its job does not hold, or contradicts itself
   */
  Step of(Job job, SavedStep saved) {
    StepLayout layout = saved.layout();
    boolean exited = saved.exitCode() != NoVal.NO_VAL;
    return Step.builder()
        .jobId(job.id())
        .stepId(saved.stepId())
        .hetComponent(saved.stepHetComponent())
        .request(request(job, saved))
        .state(state(saved))
        .name(Form.TEXT.read(saved.name()))
        .network(Form.TEXT.read(saved.network()))
        .startTime(Form.TIME.read(saved.startTime()))
        .timeLimitMinutes(saved.timeLimit())
        .shares(shares(job, saved))
        .nodeList(layout.nodeList())
        .taskCount(layout.taskCount())
        .taskDistribution(layout.taskDistribution())
        .cpusPerTask(saved.cpusPerTask())
        .cpuCount(saved.cpuCount())
        .memoryForAll((saved.minMemoryPerNode() & ALL_BUT_PER_CPU) == 0)
        .memory(saved.minMemoryPerNode())
        .protocolVersion(saved.startProtocolVersion())
        .exitedNodes(exited ? saved.exitNodes() : BitString.EMPTY)
        .exitCode(saved.exitCode())
        .requesterUid(Uid.of(NoVal.NO_VAL))
        .suspendedSeconds(saved.totalSuspendTime())
        // its srun may have been heard just then
        .lastActive(savedAt)
        .reservedPorts(Form.TEXT.read(saved.reservedPorts()))
        .build();
  }

  private static JobState state(SavedStep saved) {
    try {
      return JobState.of(saved.state() & STATE);
    } catch (IllegalArgumentException e) {
      throw new Unmappable("has a step of state " + saved.state() + ", which is none");
    }
  }

  private static StepRequest request(Job job, SavedStep saved) {
    return StepRequest.builder()
        .stepId(saved.stepId())
        .hetComponent(saved.stepHetComponent())
        .userId(job.request().userId())
        .minNodes(saved.layout().nodeCount())
        .maxNodes(saved.layout().nodeCount())
        .cpuCount(saved.cpuCount())
        .taskCount(saved.layout().taskCount())
        .memory(saved.minMemoryPerNode())
        .timeLimitMinutes(saved.timeLimit())
        .taskDistribution(saved.layout().taskDistribution())
        .port(saved.port())
        .host(Form.TEXT.read(saved.host()))
        .srunPid(saved.srunPid())
        .reservedPortCount(saved.reservedPortCount())
        .flags(saved.flags())
        .name(Form.TEXT.read(saved.name()))
        .network(Form.TEXT.read(saved.network()))
        .container(Form.TEXT.read(saved.container()))
        .containerId(Form.TEXT.read(saved.containerId()))
        .cpuFrequencyMin(saved.cpuFrequencyMin())
        .cpuFrequencyMax(saved.cpuFrequencyMax())
        .cpuFrequencyGovernor(saved.cpuFrequencyGovernor())
        .cpusPerTres(Form.TEXT.read(saved.cpusPerTres()))
        .memoryPerTres(Form.TEXT.read(saved.memoryPerTres()))
        .tresBind(Form.TEXT.read(saved.tresBind()))
        .tresFrequency(Form.TEXT.read(saved.tresFrequency()))
        .tresPerStep(Form.TEXT.read(saved.tresPerStep()))
        .tresPerNode(Form.TEXT.read(saved.tresPerNode()))
        .tresPerSocket(Form.TEXT.read(saved.tresPerSocket()))
        .tresPerTask(Form.TEXT.read(saved.tresPerTask()))
        .submitLine(Form.TEXT.read(saved.submitLine()))
        .workDir(Form.TEXT.read(saved.workDirectory()))
        .standardError(Form.TEXT.read(saved.standardError()))
        .standardInput(Form.TEXT.read(saved.standardInput()))
        .standardOutput(Form.TEXT.read(saved.standardOutput()))
        .build();
  }

  private static List<StepShare> shares(Job job, SavedStep saved) {
    StepLayout layout = saved.layout();
    List<NodeName> names = Form.nodes(layout.nodeList());
    if (names.size() != layout.tasks().size() || job.allocation().isEmpty()) {
      throw new Unmappable(
          "has step " + saved.stepId() + " with tasks on other nodes than it names");
    }
    List<NodeAllocation> held = job.allocation().get(0).nodes();
    List<StepShare> shares = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int place = placeOf(names.get(i), held);
      if (place < 0) {
        throw new Unmappable(
            "has step " + saved.stepId() + " on " + names.get(i) + ", which it does not hold");
      }
      Longs tasks = layout.tasks().get(i).taskIds();
      boolean counted = saved.memoryAllocated().size() == names.size();
      shares.add(
          StepShare.builder()
              .node(names.get(i))
              .taskIds(tasks)
              .cores(cores(saved, held, place))
              .cpuCount(cpus(saved, i, tasks.size(), held, place))
              .memoryMiB(counted ? saved.memoryAllocated().get(i) : 0)
              .build());
    }
    return shares;
  }

  private static int placeOf(NodeName node, List<NodeAllocation> held) {
    for (int i = 0; i < held.size(); i++) {
      if (held.get(i).node().equals(node)) {
        return i;
      }
    }
    return -1;
  }

  /** Its cores stand among those of the job's nodes; a step that has none of its own uses all. */
  private static BitString cores(SavedStep saved, List<NodeAllocation> held, int place) {
    NodeAllocation node = held.get(place);
    if (saved.cores() == null || saved.cores().size() == 0) {
      return node.cores();
    }
    int first = held.subList(0, place).stream().mapToInt(share -> share.cores().size()).sum();
    BitSet cores = saved.cores().toBitSet().get(first, first + node.cores().size());
    return BitString.of(node.cores().size(), cores);
  }

  /** Up to 23.02 it follows from the cores, or from the tasks of a step that has no cores. */
  private static long cpus(
      SavedStep saved, int node, int tasks, List<NodeAllocation> held, int place) {
    int from = 0;
    for (int run = 0; run < saved.cpuAllocationValues().size(); run++) {
      from += (int) Math.min(Integer.MAX_VALUE - from, saved.cpuAllocationRepetitions().get(run));
      if (node < from) {
        return saved.cpuAllocationValues().get(run);
      }
    }
    NodeAllocation job = held.get(place);
    if (saved.cores() == null || saved.cores().size() == 0) {
      return Math.min(job.cpuCount(), (long) tasks * Math.max(1, saved.cpusPerTask()));
    }
    int threads = Math.max(1, job.cpuCount() / Math.max(1, job.cores().cardinality()));
    return Math.min(job.cpuCount(), (long) threads * cores(saved, held, place).cardinality());
  }
}
