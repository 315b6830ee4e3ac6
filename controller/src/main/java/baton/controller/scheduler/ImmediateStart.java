package baton.controller.scheduler;

import baton.controller.command.JobStart;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.Partition;
import baton.controller.scheduler.select.Pool;
import baton.controller.scheduler.select.Selection;
import baton.protocol.error.SlurmError;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Whether one job, submitted just now, can start at once: an allocation is answered with its nodes
 * where slurmctld would give them without a look at the whole queue. Pure; any thread.
 *
 * <p>A job starts at once if nothing makes it wait, no waiting job of higher priority competes for
 * its partition's nodes, and the nodes are free. In any other case it waits for a plan.
 */
public final class ImmediateStart {
  private ImmediateStart() {}

  /**
   * What came of it.
   *
   * @param start what it gets; null if it cannot start at once
   * @param hindrance why it cannot; null if it can
   */
  public record Answer(JobStart start, SlurmError hindrance) {}

  /** Looks for a place for a waiting job of the snapshot. */
  public static Answer of(ClusterState snapshot, Job job, Instant now) {
    JobReason notYet = Eligibility.reason(job, now);
    if (notYet != null) {
      boolean held = job.priority() == 0;
      return hindered(held ? SlurmError.ESLURM_NOT_TOP_PRIORITY : SlurmError.ESLURM_DEPENDENCY);
    }
    if (isDeferred(snapshot)) {
      return hindered(SlurmError.ESLURM_DEFER);
    }
    Partition own = snapshot.partitions().get(job.partition()).orElse(null);
    if (own == null || !isFirst(snapshot, job, own, now)) {
      return hindered(SlurmError.ESLURM_NOT_TOP_PRIORITY);
    }
    return choose(snapshot, job, now);
  }

  private static Answer choose(ClusterState snapshot, Job job, Instant now) {
    SlurmError hindrance = null;
    Pool pool = new Pool(snapshot, now);
    boolean prefers = job.request().prefer() != null;
    Job asked = prefers ? Queue.preferring(job) : job;
    for (Partition partition : Queue.byTier(snapshot, job.request().partitions())) {
      JobReason barred = barred(snapshot, job, partition);
      if (barred == null && job.request().deadline() == null) {
        Instant end = now.plusSeconds(60 * Math.max(1, Shape.of(job, partition).minutes()));
        Selection.Answer answer = Selection.choose(pool.during(now, end), asked, partition);
        if (answer.allocation() != null) {
          return new Answer(
              JobStart.builder()
                  .jobId(job.id())
                  .version(job.version())
                  .partition(partition.name())
                  .preferred(prefers)
                  .allocation(answer.allocation())
                  .build(),
              null);
        }
        barred = answer.reason();
      }
      hindrance = hindrance == null ? error(barred) : hindrance;
    }
    return hindered(hindrance == null ? SlurmError.ESLURM_NODES_BUSY : hindrance);
  }

  private static JobReason barred(ClusterState snapshot, Job job, Partition partition) {
    return PartitionLimits.reason(
        job.request(),
        job.timeLimitMinutes(),
        partition,
        PartitionLimits.Size.of(snapshot.nodes(), partition));
  }

  private static SlurmError error(JobReason reason) {
    if (reason == JobReason.PARTITION_DOWN || reason == JobReason.PARTITION_INACTIVE) {
      return SlurmError.ESLURM_PARTITION_DOWN;
    }
    if (reason == JobReason.NODE_NOT_AVAILABLE) {
      return SlurmError.ESLURM_NODE_NOT_AVAIL;
    }
    if (reason == null || reason == JobReason.RESOURCES) {
      return SlurmError.ESLURM_NODES_BUSY;
    }
    return SlurmError.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE;
  }

  private static boolean isDeferred(ClusterState snapshot) {
    String parameters = snapshot.config().schedulerParameters();
    return parameters != null && parameters.toLowerCase(Locale.ROOT).contains("defer");
  }

  /** False if a waiting job goes first, in this partition or in one that has nodes in common. */
  private static boolean isFirst(ClusterState snapshot, Job job, Partition own, Instant now) {
    Set<Object> nodes = new HashSet<>(own.members());
    for (Job other : snapshot.jobs().values()) {
      boolean waits =
          Eligibility.isWaiting(other)
              && !other.id().equals(job.id())
              && Eligibility.reason(other, now) == null;
      Partition theirs = waits ? snapshot.partitions().get(other.partition()).orElse(null) : null;
      if (theirs == null || barred(snapshot, other, theirs) != null) {
        continue;
      }
      if (theirs.name().equals(own.name())) {
        if (other.priority() > job.priority()) {
          return false;
        }
        continue;
      }
      boolean before =
          theirs.priorityTier() > own.priorityTier()
              || (theirs.priorityTier() == own.priorityTier() && other.priority() > job.priority());
      if (before && theirs.members().stream().anyMatch(nodes::contains)) {
        return false;
      }
    }
    return true;
  }

  private static Answer hindered(SlurmError error) {
    return new Answer(null, error);
  }
}
