package baton.controller.model;

import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.List;

/**
 * What one job holds on one node: an entry of the index from nodes to jobs, derived from the jobs'
 * allocations and never stored.
 *
 * @param jobId the job
 * @param partition the partition it runs in
 * @param userId its owner
 * @param share the cores and memory it holds on this node
 * @param wholeNode as in {@link Allocation}
 * @param suspended true while the job is suspended: its cores are free, its memory is not
 */
public record Holding(
    JobId jobId,
    PartitionName partition,
    Uid userId,
    NodeAllocation share,
    int wholeNode,
    boolean suspended) {

  /**
   * What a job holds: everything while it runs, and then each node until that node has cleaned up.
   * A null job holds nothing.
   */
  public static List<Holding> heldBy(Job job) {
    if (job == null || job.allocation().isEmpty()) {
      return List.of();
    }
    boolean active = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
    boolean completing = (job.stateFlags() & JobFlag.COMPLETING) != 0;
    if (!active && !completing) {
      return List.of();
    }
    Allocation allocation = job.allocation().get(0);
    List<Holding> held = new ArrayList<>(allocation.nodes().size());
    for (NodeAllocation share : allocation.nodes()) {
      if (!completing || job.completingNodes().contains(share.node())) {
        held.add(
            new Holding(
                job.id(),
                job.partition(),
                job.request().userId(),
                share,
                allocation.wholeNode(),
                job.state() == JobState.SUSPENDED));
      }
    }
    return held;
  }
}
