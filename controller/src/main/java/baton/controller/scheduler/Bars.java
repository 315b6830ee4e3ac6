package baton.controller.scheduler;

import baton.controller.lifecycle.Feasibility;
import baton.controller.lifecycle.MemoryLimits;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What keeps jobs out of partitions, whatever is free there. Lives within one planning. */
final class Bars {
  /** Reasons that a partition later in the list, which takes the job, makes slurmctld forget. */
  private static final Set<JobReason> GONE_WITH_THE_NEXT =
      EnumSet.of(
          JobReason.PARTITION_DOWN,
          JobReason.PARTITION_INACTIVE,
          JobReason.PARTITION_NODE_LIMIT,
          JobReason.PARTITION_TIME_LIMIT);

  private final ClusterState snapshot;
  private final boolean strangersAreTold;
  private final Feasibility feasibility;
  private final Map<PartitionName, PartitionLimits.Size> sizes = new HashMap<>();
  private final Map<Shape, Optional<Feasibility.Verdict>> verdicts = new HashMap<>();

  Bars(ClusterState snapshot) {
    this.snapshot = snapshot;
    this.feasibility =
        new Feasibility(
            snapshot.config(), snapshot.nodes(), snapshot.partitions(), snapshot.order());
    this.strangersAreTold = StandIn.isAtLeast(snapshot.config(), Release.V23_02);
  }

  /** Why the partition does not take the job; null if it does. */
  JobReason of(Job job, Partition partition) {
    if (partition == null) {
      return JobReason.PARTITION_CONFIG;
    }
    PartitionLimits.Size size =
        sizes.computeIfAbsent(
            partition.name(), name -> PartitionLimits.Size.of(snapshot.nodes(), partition));
    JobReason limit =
        PartitionLimits.reason(job.request(), job.timeLimitMinutes(), partition, size);
    boolean within =
        limit != null
            || MemoryLimits.within(job.request(), partition, snapshot.config(), snapshot.nodes())
                .isPresent();
    return within ? limit : JobReason.MAX_MEMORY_PER_LIMIT;
  }

  /**
   * True if no nodes of the partition, idle as they may be, could run the job: their features
   * changed, or the partition, or the job. Such a job is held; not one that has another partition,
   * of which it is said where not one node is right.
   */
  boolean isImpossible(Queue.Entry entry) {
    if (entry.prefers()) {
      return false;
    }
    Feasibility.Verdict verdict =
        verdicts
            .computeIfAbsent(
                Shape.of(entry.job(), entry.partition()),
                shape ->
                    Optional.ofNullable(
                        feasibility.check(entry.job().request(), entry.partition())))
            .orElse(null);
    boolean alone = entry.job().request().partitions().size() == 1;
    return verdict != null && (alone || verdict.nowhere());
  }

  /** What is said besides; null for nothing. */
  String text(Job job, Partition partition, JobReason bar) {
    return bar == JobReason.PARTITION_CONFIG && strangersAreTold
        ? PartitionLimits.strangerText(job.request(), partition)
        : null;
  }

  /** A job that waits, with what is to be said of those of its partitions that do not take it. */
  Waiting waiting(Job job) {
    Waiting waiting = new Waiting(job);
    List<Partition> partitions = new ArrayList<>();
    for (PartitionName name : job.request().partitions()) {
      partitions.add(snapshot.partitions().get(name).orElse(null));
    }
    partitions.sort(Comparator.comparingInt(one -> one == null ? 0 : -one.priorityTier()));
    for (Partition partition : partitions) {
      JobReason bar = of(job, partition);
      if (bar != null) {
        waiting.barred(bar, text(job, partition, bar));
      } else if (waiting.reason() != null && GONE_WITH_THE_NEXT.contains(waiting.reason())) {
        waiting.barred(null, null);
      }
    }
    return waiting;
  }
}
