package baton.controller.scheduler;

import baton.controller.command.JobStart;
import baton.controller.command.JobWait;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.scheduler.select.Pool;
import baton.controller.scheduler.select.Selection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Decides which waiting jobs start now, where, and why the others wait. A pure function of a
 * snapshot and the time; any thread may call it.
 *
 * <p>Goals, in order: give out no core and no memory twice; start jobs in the order of partition
 * tier, priority and id; let no job pass a job of its partition that waits for resources.
 */
public final class Scheduler {
  private Scheduler() {}

  /**
   * Plans one round.
   *
   * @param budget asked before each job; when it is used up the plan says so
   */
  public static Plan plan(ClusterState snapshot, Instant now, Budget budget) {
    return new Round(snapshot, now).run(budget);
  }

  /** One planning: what was given out so far, and which partitions have a job waiting in front. */
  private static final class Round {
    private final ClusterState snapshot;
    private final Instant now;
    private final Pool pool;
    private final Set<PartitionName> blocked = new HashSet<>();
    private final List<JobStart> starts = new ArrayList<>();
    private final List<JobWait> waits = new ArrayList<>();

    Round(ClusterState snapshot, Instant now) {
      this.snapshot = snapshot;
      this.now = now;
      this.pool = new Pool(snapshot);
    }

    Plan run(Budget budget) {
      List<Job> queue = queue();
      int examined = 0;
      for (Job job : queue) {
        if (!budget.allowsAnother()) {
          return new Plan(starts, waits, examined, false);
        }
        examined++;
        consider(job);
      }
      return new Plan(starts, waits, examined, true);
    }

    private List<Job> queue() {
      List<Job> waiting = new ArrayList<>();
      for (Job job : snapshot.jobs().values()) {
        if (Eligibility.isWaiting(job)) {
          waiting.add(job);
        }
      }
      waiting.sort(
          Comparator.comparingInt(this::tier)
              .reversed()
              .thenComparing(Comparator.comparingLong(Job::priority).reversed())
              .thenComparing(Job::id));
      return waiting;
    }

    private int tier(Job job) {
      int highest = 0;
      for (PartitionName name : job.request().partitions()) {
        highest =
            Math.max(
                highest, snapshot.partitions().get(name).map(Partition::priorityTier).orElse(0));
      }
      return highest;
    }

    private void consider(Job job) {
      JobReason notYet = Eligibility.reason(snapshot, job, now);
      if (notYet != null) {
        waits(job, notYet, null);
        return;
      }
      JobReason reason = null;
      String text = null;
      for (PartitionName name : job.request().partitions()) {
        Partition partition = snapshot.partitions().get(name).orElse(null);
        JobReason barred = Eligibility.barred(job, partition);
        if (barred == null && blocked.contains(name)) {
          barred = JobReason.PRIORITY;
        }
        if (barred == null) {
          Selection.Answer answer = Selection.choose(pool, job, partition);
          if (answer.allocation() != null) {
            start(job, partition, answer.allocation());
            return;
          }
          barred = answer.reason();
          text = answer.text();
          blocked.add(name);
        }
        reason = reason == null ? barred : reason;
      }
      waits(job, reason, text);
    }

    private void start(Job job, Partition partition, Allocation allocation) {
      pool.take(job, partition, allocation);
      starts.add(
          JobStart.builder()
              .jobId(job.id())
              .version(job.version())
              .partition(partition.name())
              .allocation(allocation)
              .build());
    }

    private void waits(Job job, JobReason reason, String text) {
      if (job.reason() == reason && Objects.equals(job.stateDescription(), text)) {
        return;
      }
      waits.add(
          JobWait.builder()
              .jobId(job.id())
              .version(job.version())
              .reason(reason)
              .stateDescription(text)
              .build());
    }
  }
}
