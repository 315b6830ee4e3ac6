package baton.controller.apply;

import baton.controller.lifecycle.Expansion;
import baton.controller.model.Allocation;
import baton.controller.model.Job;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Taking nodes from a running job: because its owner gives them back (scontrol update NumNodes or
 * ReqNodeList), or because they failed and the job said --no-kill. What of it runs there is ended.
 */
final class Resizing {
  private Resizing() {}

  /** Keeps the named nodes alone; they must all be the job's, and the batch host among them. */
  static SlurmError toNodes(Change change, Job job, String named, Job.Builder next) {
    if (!mayShrink(change)) {
      return SlurmError.ESLURM_NOT_SUPPORTED;
    }
    Set<NodeName> kept = new HashSet<>();
    try {
      HostList.parse(named).unique().forEach(name -> kept.add(NodeName.of(name)));
    } catch (HostListException notAList) {
      return SlurmError.ESLURM_INVALID_NODE_NAME;
    }
    List<NodeName> has = nodes(job);
    boolean batchHostGoes = job.request().batch() && !kept.contains(job.batchHost());
    boolean expands = Expansion.expands(job);
    if (kept.isEmpty() || !has.containsAll(kept) || batchHostGoes || expands) {
      return SlurmError.ESLURM_INVALID_NODE_NAME;
    }
    giveBack(change, job, has.stream().filter(name -> !kept.contains(name)).toList(), false, next);
    return null;
  }

  /** Keeps so many nodes: the batch host, and the first of the others. */
  static SlurmError toCount(Change change, Job job, long count, Job.Builder next) {
    List<NodeName> has = nodes(job);
    boolean expands = Expansion.expands(job);
    if (count == NoVal.INFINITE || (count == has.size() && !expands)) {
      return null;
    }
    if (count > has.size()) {
      boolean permitted =
          Settings.has(change.config(), "SchedulerParameters", "permit_job_expansion");
      return permitted ? SlurmError.ESLURM_INVALID_NODE_COUNT : SlurmError.ESLURM_NOT_SUPPORTED;
    }
    if (count == 0 && expands) {
      return Merging.intoExpanded(change, job, next);
    }
    if (count == 0 || expands) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    if (!mayShrink(change)) {
      return SlurmError.ESLURM_NOT_SUPPORTED;
    }
    List<NodeName> others = new ArrayList<>(has);
    others.remove(job.batchHost());
    int more = (int) count - (has.size() - others.size());
    giveBack(change, job, others.subList(more, others.size()), false, next);
    return null;
  }

  /** A node failed under a job that goes on without it. */
  static void lost(Change change, Job job, NodeName node) {
    Job.Builder next = job.toBuilder().failedNode(node);
    giveBack(change, job, List.of(node), true, next);
    change.put(next);
  }

  /** True if the job can go on when a node of it is gone. */
  static boolean survives(Job job, NodeName node) {
    return !job.request().killOnNodeFail()
        && job.allocation().get(0).nodes().size() > 1
        && !(job.request().batch() && node.equals(job.batchHost()));
  }

  private static void giveBack(
      Change change, Job job, List<NodeName> gone, boolean failed, Job.Builder next) {
    if (gone.isEmpty()) {
      return;
    }
    Allocation allocation = job.allocation().get(0);
    List<NodeAllocation> left =
        allocation.nodes().stream().filter(share -> !gone.contains(share.node())).toList();
    next.resizeTime(change.now())
        .allocation(List.of(allocation.toBuilder().nodes(left).build()))
        .prologNodes(job.prologNodes().stream().filter(name -> !gone.contains(name)).toList());
    if (gone.contains(job.batchHost())) {
      next.batchHost(left.get(0).node());
    }
    gone.forEach(node -> Steps.nodeLost(change, job, node, failed));
    Ending.fence(change, job, gone);
  }

  private static boolean mayShrink(Change change) {
    return !Settings.has(change.config(), "SchedulerParameters", "disable_job_shrink");
  }

  private static List<NodeName> nodes(Job job) {
    return job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList();
  }
}
