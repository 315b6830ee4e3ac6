package baton.controller.query;

import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.SelectPlugin;
import baton.protocol.error.SlurmError;
import baton.protocol.message.ResourceAllocationResponse;
import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * A job's allocation as srun and salloc are told of it: as the answer to their request, pushed to
 * them later, or asked for within the job.
 *
 * <p>Source: build_alloc_msg and build_job_info_resp of slurmctld, 22.05 to 26.05; recorded
 * answers.
 */
public final class AllocationAnswers {
  /** slurm.h JOB_MEM_SET. */
  private static final long MEMORY_GIVEN = 1L << 23;

  private static final long PER_CPU = 1L << 63;

  private AllocationAnswers() {}

  /** To who asked for the allocation: it was granted, or it waits. */
  public static ResourceAllocationResponse granted(
      ClusterState state, Job job, Release release, SlurmError note) {
    ResourceAllocationResponse.Builder answer =
        describe(state, job).errorCode(note == null ? 0 : note.wireNumber());
    if (release.atLeast(Release.V25_11)) {
      int submitter = job.request().submitProtocolVersion();
      answer.startProtocolVersion(Math.min(submitter, lowest(state, job, submitter)));
    }
    if (release.atLeast(Release.V26_05) && !job.allocation().isEmpty()) {
      answer.environment(List.of("SLURM_TASKS_PER_NODE=" + tasksPerNode(job)));
    }
    if (release.atLeast(Release.V25_05)) {
      answer.tresPerTask(job.request().tresPerTask());
    }
    if (release.atLeast(Release.V23_02)) {
      answer.tresPerNode(job.request().tresPerNode());
    }
    return answer.build();
  }

  /**
   * To who asks within the job, or of it. An srun that is newer than the job's nodes is told what
   * they speak, or it would launch its steps in words that they do not know.
   */
  public static ResourceAllocationResponse described(ClusterState state, Job job, Release release) {
    ResourceAllocationResponse.Builder answer = describe(state, job);
    int lowest = lowest(state, job, release.protocolVersion());
    boolean older = release.atLeast(Release.V25_11) && lowest < release.protocolVersion();
    if (older && Release.of(lowest).filter(spoken -> knows(release, spoken)).isPresent()) {
      answer.startProtocolVersion(lowest);
    }
    return answer.build();
  }

  /**
   * True if programs of a release speak another: the two before, from 24.11 on the three before.
   */
  public static boolean knows(Release peer, Release spoken) {
    List<Release> all = List.of(Release.values());
    int older = all.indexOf(peer) - all.indexOf(spoken);
    return older >= 0 && older <= (peer.atLeast(Release.V24_11) ? 3 : 2);
  }

  /** The lowest protocol version among the job's nodes and this one. */
  private static int lowest(ClusterState state, Job job, int ofClient) {
    int lowest = ofClient;
    for (Allocation allocation : job.allocation()) {
      for (NodeAllocation share : allocation.nodes()) {
        Node node = state.nodes().get(share.node()).orElse(null);
        if (node != null && !node.registration().isEmpty()) {
          lowest = Math.min(lowest, node.registration().get(0).protocolVersion());
        }
      }
    }
    return lowest;
  }

  private static ResourceAllocationResponse.Builder describe(ClusterState state, Job job) {
    JobRequest request = job.request();
    ResourceAllocationResponse.Builder answer =
        ResourceAllocationResponse.builder()
            .jobId(job.id())
            .sluid(job.databaseIndex())
            .account(request.account())
            .partition(job.partition().value())
            .qos(request.qos())
            .reservation(request.reservation())
            .ntasksPerBoard(request.tasksPerBoard())
            .ntasksPerCore(request.tasksPerCore())
            .ntasksPerSocket(request.tasksPerSocket())
            .minMemory(minMemory(request))
            .selectPluginId(SelectPlugin.idOf(state.config()))
            .groupId(request.groupId())
            .groupName(request.groupName())
            .userId(request.userId())
            .userName(request.userName());
    if (!job.allocation().isEmpty()) {
      holding(state, job, job.allocation().get(0), answer);
    }
    return answer;
  }

  private static void holding(
      ClusterState state,
      Job job,
      Allocation allocation,
      ResourceAllocationResponse.Builder answer) {
    List<Integer> cpus = new ArrayList<>();
    List<Long> repetitions = new ArrayList<>();
    for (NodeAllocation share : allocation.nodes()) {
      int last = cpus.size() - 1;
      if (last >= 0 && cpus.get(last) == share.cpuCount()) {
        repetitions.set(last, repetitions.get(last) + 1);
      } else {
        cpus.add(share.cpuCount());
        repetitions.add(1L);
      }
    }
    List<NodeName> names = allocation.nodes().stream().map(NodeAllocation::node).toList();
    answer
        .batchHost(job.batchHost() == null ? null : job.batchHost().value())
        .nodeCount(names.size())
        .nodeList(NodeLists.text(state.order(), names))
        .cpuGroupCount(cpus.size())
        .cpusPerNode(Ints.copyOf(cpus))
        .cpuCountRepetitions(Longs.copyOf(repetitions));
  }

  private static long minMemory(JobRequest request) {
    if ((request.bitFlags() & MEMORY_GIVEN) == 0) {
      return 0;
    }
    return request.memoryPerCpu() ? request.memoryMiB() | PER_CPU : request.memoryMiB();
  }

  /** Tasks of each node, equal neighbours counted: {@code 2,1(x3)}. */
  private static String tasksPerNode(Job job) {
    StringBuilder text = new StringBuilder();
    List<NodeAllocation> nodes = job.allocation().get(0).nodes();
    for (int i = 0; i < nodes.size(); ) {
      int tasks = Math.max(1, nodes.get(i).taskCount());
      int next = i;
      while (next < nodes.size() && Math.max(1, nodes.get(next).taskCount()) == tasks) {
        next++;
      }
      text.append(i == 0 ? "" : ",").append(tasks);
      text.append(next - i > 1 ? "(x" + (next - i) + ")" : "");
      i = next;
    }
    return text.toString();
  }
}
