package baton.controller.apply;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Allocation;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.BitString;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * A job gives all that it holds to the one that it expands ({@code --dependency=expand}), when its
 * owner updates it to no nodes, and ends by that.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/job_mgr.c, src/plugins/select.
 */
final class Merging {
  private static final int PROLOG_CONTAIN = 0x4;

  /** What only a job that runs can be. */
  private static final long OF_A_RUN = JobFlag.CONFIGURING | JobFlag.STOPPED | JobFlag.SIGNALING;

  private Merging() {}

  /**
   * Moves what a job holds.
   *
   * @param from the job that is to end
   * @param next the same, to be changed
   * @return why not; null if it is done
   */
  static SlurmError intoExpanded(Change change, Job from, Job.Builder next) {
    JobId target = from.expands();
    Job to = change.job(target);
    // slurmctld would give nodes to a job that has ended, too, and lose them.
    boolean gone = to == null || !(JobLifecycle.isRunning(to) || JobLifecycle.isSuspended(to));
    if (gone || target.equals(from.id())) {
      return SlurmError.ESLURM_INVALID_JOB_ID;
    }
    if (JobLifecycle.isSuspended(from) || JobLifecycle.isSuspended(to)) {
      return SlurmError.ESLURM_JOB_SUSPENDED;
    }
    if (hasSteps(change, from)) {
      return SlurmError.ESLURMD_STEP_EXISTS;
    }
    Allocation gift = from.allocation().get(0);
    Steps.endAll(change, from);
    Ending.settleLaunch(change, from);
    Ending.fence(change, from, gift.nodes().stream().map(NodeAllocation::node).toList());
    next.state(JobState.COMPLETE)
        .stateFlags(from.stateFlags() & ~OF_A_RUN)
        .launchState(LaunchState.ENDED)
        .prologNodes(List.of())
        .resizeTime(change.now())
        .givenAway(true);
    // The nodes are free before they are taken: nothing is ever held twice.
    change.put(next);
    ControllerScripts.oweEpilog(change, change.job(from.id()));
    change.put(
        to.toBuilder()
            .resizeTime(change.now())
            .allocation(List.of(together(change, to.allocation().get(0), gift))));
    return null;
  }

  /** The batch script and the extern step have no record, but are steps to slurmctld. */
  private static boolean hasSteps(Change change, Job job) {
    boolean script = job.request().batch() && job.launchState() != LaunchState.ENDED;
    boolean extern = (change.config().prologFlags() & PROLOG_CONTAIN) != 0;
    return script
        || extern
        || change.stepsOf(job.id()).stream().anyMatch(step -> step.state() != JobState.PENDING);
  }

  private static Allocation together(Change change, Allocation own, Allocation gift) {
    List<NodeAllocation> shares = new ArrayList<>(own.nodes());
    for (NodeAllocation given : gift.nodes()) {
      int place = 0;
      while (place < shares.size() && !shares.get(place).node().equals(given.node())) {
        place++;
      }
      if (place < shares.size()) {
        shares.set(place, together(change, shares.get(place), given));
      } else {
        shares.add(given);
      }
    }
    shares.sort(Comparator.comparingInt(share -> change.order().indexOf(share.node())));
    return own.toBuilder().nodes(shares).build();
  }

  /** Two shares of one node; CPUs of cores that both had are counted once. */
  private static NodeAllocation together(Change change, NodeAllocation own, NodeAllocation given) {
    BitSet cores = own.cores().toBitSet();
    cores.or(given.cores().toBitSet());
    int apart = own.cores().cardinality() + given.cores().cardinality();
    int cpus = own.cpuCount() + given.cpuCount();
    return own.toBuilder()
        .cores(BitString.of(coreCount(change, own.node(), cores), cores))
        .cpuCount(apart == 0 ? cpus : cpus * cores.cardinality() / apart)
        .memoryMiB(own.memoryMiB() + given.memoryMiB())
        .build();
  }

  private static int coreCount(Change change, NodeName name, BitSet cores) {
    Node node = change.node(name);
    int known = node == null ? 0 : node.definition().sockets() * node.definition().coresPerSocket();
    return Math.max(known, cores.length());
  }
}
