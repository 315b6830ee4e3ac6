package baton.controller.apply;

import baton.controller.command.JobStart;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.Partition;
import java.util.BitSet;
import java.util.List;

/**
 * Guards invariant I3: no core and no memory is given out beyond what the sharing mode allows,
 * whatever a plan says. The scheduler decides with the same facts; this is the last word.
 */
final class Sharing {
  /** {@code maxShare} bit that forces jobs to share. */
  private static final int FORCE = 0x8000;

  private static final int MEMORY = 0x10;

  private Sharing() {}

  /** True if one more job may hold {@code share} in the mode that {@code start} asks for. */
  static boolean allows(Change change, JobStart start, NodeAllocation share) {
    if (change.isFenced(share.node())) {
      return false;
    }
    Node node = change.node(share.node());
    List<Holding> held = change.holdingsOn(share.node());
    boolean alone = held.stream().allMatch(Holding::suspended);
    if (start.allocation().wholeNode() == 1 && !alone) {
      return false;
    }
    long memory = share.memoryMiB();
    for (Holding other : held) {
      if (other.wholeNode() == 1 && !other.suspended()) {
        return false;
      }
      memory += other.share().memoryMiB();
    }
    boolean memoryConsumable = (change.config().selectTypeParameters() & MEMORY) != 0;
    if (memoryConsumable && memory > node.definition().realMemoryMiB()) {
      return false;
    }
    return coreUse(change, start, share, held);
  }

  private static boolean coreUse(
      Change change, JobStart start, NodeAllocation share, List<Holding> held) {
    Partition partition = change.partition(start.partition());
    int rows = Math.max(1, partition.maxShare() & ~FORCE);
    BitSet wanted = share.cores().toBitSet();
    for (int core = wanted.nextSetBit(0); core >= 0; core = wanted.nextSetBit(core + 1)) {
      int users = 0;
      for (Holding other : held) {
        if (!other.suspended() && other.share().cores().get(core)) {
          boolean shareable =
              start.allocation().oversubscribed()
                  && other.partition().equals(start.partition())
                  && sharesToo(change, other);
          if (!shareable) {
            return false;
          }
          users++;
        }
      }
      if (users >= rows) {
        return false;
      }
    }
    return true;
  }

  private static boolean sharesToo(Change change, Holding other) {
    Job job = change.job(other.jobId());
    return job != null && !job.allocation().isEmpty() && job.allocation().get(0).oversubscribed();
  }
}
