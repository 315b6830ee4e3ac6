package baton.controller.scheduler;

import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.Multifactor;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which waiting jobs are looked at: partition tier, then priority, then id, then task.
 * A job for several partitions stands there once for each, with its priority there.
 */
final class Queue {
  private Queue() {}

  /**
   * A job's turn.
   *
   * @param job the job as the state has it
   * @param asked the same, or with what it prefers (--prefer) for its constraint
   * @param prefers whether that is so
   * @param partition where it is looked at; null if there is no such partition any more
   */
  record Entry(
      Job job, Job asked, boolean prefers, PartitionName name, Partition partition, long priority) {

    private int tier() {
      return partition == null ? 0 : partition.priorityTier();
    }
  }

  static List<Entry> of(ClusterState snapshot, Instant now) {
    Multifactor factors =
        Multifactor.isConfigured(snapshot.config())
            ? Multifactor.of(snapshot.config(), snapshot.partitions().values())
            : null;
    List<Entry> waiting = new ArrayList<>();
    for (Job job : snapshot.jobs().values()) {
      if (!Eligibility.isWaiting(job)) {
        continue;
      }
      if (HetGroups.isComponent(job)) {
        waiting.add(ofComponent(snapshot, job));
        continue;
      }
      List<PartitionName> names = job.request().partitions();
      boolean differ = names.size() > 1 && factors != null;
      boolean fixed = job.priority() == 0 || job.prioritySetByAdmin();
      for (PartitionName name : names) {
        Partition partition = snapshot.partitions().get(name).orElse(null);
        long priority = job.priority();
        if (differ && !fixed) {
          priority = factors.priority(job, partition, now);
        }
        add(waiting, job, name, partition, priority);
      }
    }
    waiting.sort(
        Comparator.comparingInt(Entry::tier)
            .reversed()
            .thenComparing(Comparator.comparingLong(Entry::priority).reversed())
            .thenComparing(entry -> first(entry.job()))
            .thenComparingLong(entry -> entry.job().arrayTaskId()));
    return waiting;
  }

  /** What is preferred is tried right before what is required. */
  private static void add(
      List<Entry> waiting, Job job, PartitionName name, Partition partition, long priority) {
    if (job.request().prefer() != null) {
      waiting.add(new Entry(job, preferring(job), true, name, partition, priority));
    }
    waiting.add(new Entry(job, job, false, name, partition, priority));
  }

  /** Partitions in the order in which one job tries them; those that are gone are left out. */
  static List<Partition> byTier(ClusterState snapshot, List<PartitionName> names) {
    List<Partition> partitions = new ArrayList<>();
    for (PartitionName name : names) {
      snapshot.partitions().get(name).ifPresent(partitions::add);
    }
    partitions.sort(Comparator.comparingInt(Partition::priorityTier).reversed());
    return partitions;
  }

  static Job preferring(Job job) {
    String prefer = job.request().prefer();
    return job.toBuilder().request(job.request().toBuilder().features(prefer).build()).build();
  }

  /** A component has its turn with the partition of the highest tier. */
  private static Entry ofComponent(ClusterState snapshot, Job job) {
    Entry best = null;
    for (PartitionName name : job.request().partitions()) {
      Partition partition = snapshot.partitions().get(name).orElse(null);
      Entry entry = new Entry(job, job, false, name, partition, job.priority());
      best = best == null || entry.tier() > best.tier() ? entry : best;
    }
    return best;
  }

  /** Tasks of an array stand together, those without a record of their own last. */
  private static JobId first(Job job) {
    return JobArrays.isPart(job) ? job.arrayJobId() : job.id();
  }
}
