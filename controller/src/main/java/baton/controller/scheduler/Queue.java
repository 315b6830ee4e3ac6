package baton.controller.scheduler;

import baton.controller.lifecycle.JobArrays;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which waiting jobs are looked at: partition tier, then priority, then id, then task.
 */
final class Queue {
  private Queue() {}

  static List<Job> of(ClusterState snapshot) {
    Map<PartitionName, Integer> tiers = new HashMap<>();
    for (Partition partition : snapshot.partitions().values()) {
      tiers.put(partition.name(), partition.priorityTier());
    }
    List<Entry> waiting = new ArrayList<>();
    for (Job job : snapshot.jobs().values()) {
      if (Eligibility.isWaiting(job)) {
        int tier = 0;
        for (PartitionName name : job.request().partitions()) {
          tier = Math.max(tier, tiers.getOrDefault(name, 0));
        }
        waiting.add(new Entry(job, tier));
      }
    }
    waiting.sort(
        Comparator.comparingInt(Entry::tier)
            .reversed()
            .thenComparing(Comparator.comparingLong((Entry e) -> e.job().priority()).reversed())
            .thenComparing(entry -> first(entry.job()))
            .thenComparingLong(entry -> entry.job().arrayTaskId()));
    return waiting.stream().map(Entry::job).toList();
  }

  /** Tasks of an array stand together, those without a record of their own last. */
  private static JobId first(Job job) {
    return JobArrays.isPart(job) ? job.arrayJobId() : job.id();
  }

  private record Entry(Job job, int tier) {}
}
