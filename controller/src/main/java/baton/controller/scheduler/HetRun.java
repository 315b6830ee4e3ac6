package baton.controller.scheduler;

import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.scheduler.select.Pool;
import baton.controller.scheduler.select.Selection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds places for all components of a heterogeneous job, or for none. As with slurmctld, no two
 * components share a node. Lives within one planning.
 */
final class HetRun {
  /** What one component gets. */
  record Place(Job job, Partition partition, Allocation allocation) {}

  /**
   * What came of it.
   *
   * @param places one for each component, or none
   * @param components all of them
   * @param reason why they wait; null if they need not
   * @param open partitions whose nodes they wait for
   */
  record Answer(List<Place> places, List<Job> components, JobReason reason, List<Partition> open) {}

  private final ClusterState snapshot;
  private final Pool pool;
  private final Instant now;

  HetRun(ClusterState snapshot, Pool pool, Instant now) {
    this.snapshot = snapshot;
    this.pool = pool;
    this.now = now;
  }

  /**
   * Looks for the places; nothing is set aside.
   *
   * @param blocked partitions that another job waits for in front
   */
  Answer find(Job leader, Predicate<Partition> blocked) {
    List<Job> components = HetGroups.of(snapshot, leader);
    for (Job job : components) {
      JobReason notYet = Eligibility.isWaiting(job) ? Eligibility.reason(job, now) : JobReason.NONE;
      if (notYet != null) {
        return new Answer(List.of(), components, notYet, List.of());
      }
    }
    List<Place> places = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    List<Partition> open = new ArrayList<>();
    JobReason reason = null;
    for (Job job : components) {
      Place place = null;
      for (PartitionName name : job.request().partitions()) {
        Partition partition = snapshot.partitions().get(name).orElse(null);
        JobReason barred = barred(job, partition);
        if (barred == null) {
          open.add(partition);
          barred = blocked.test(partition) ? JobReason.PRIORITY : null;
        }
        place = barred == null ? place(job, partition, taken) : null;
        if (place != null) {
          break;
        }
        reason = reason == null && barred != null ? barred : reason;
      }
      if (place == null) {
        reason = reason == null ? JobReason.RESOURCES : reason;
        return new Answer(List.of(), components, reason, open);
      }
      for (NodeAllocation share : place.allocation().nodes()) {
        taken.add(share.node().value());
      }
      places.add(place);
    }
    return new Answer(places, components, null, open);
  }

  private JobReason barred(Job job, Partition partition) {
    if (partition == null) {
      return JobReason.PARTITION_CONFIG;
    }
    return PartitionLimits.reason(
        job.request(),
        job.timeLimitMinutes(),
        partition,
        PartitionLimits.Size.of(snapshot.nodes(), partition));
  }

  private Place place(Job job, Partition partition, List<String> taken) {
    JobRequest request = job.request();
    List<String> excluded = new ArrayList<>(taken);
    if (request.excludedNodes() != null) {
      excluded.add(request.excludedNodes());
    }
    Job apart =
        job.toBuilder()
            .request(
                request.toBuilder()
                    .excludedNodes(excluded.isEmpty() ? null : String.join(",", excluded))
                    .build())
            .build();
    Instant end = now.plusSeconds(60 * Math.max(1, Shape.minutes(job, partition)));
    Allocation found = Selection.find(pool.during(now, end), apart, partition);
    return found == null ? null : new Place(job, partition, found);
  }
}
