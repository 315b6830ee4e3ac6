package baton.controller.scheduler;

import baton.controller.command.JobStart;
import baton.controller.command.JobWait;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.MemoryLimits;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.lifecycle.SchedulerParameters;
import baton.controller.lifecycle.StandIn;
import baton.controller.lifecycle.StartDeadline;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.scheduler.select.Pool;
import baton.controller.scheduler.select.Selection;
import baton.protocol.type.HostList;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Decides which waiting jobs start now, where, and why the others wait. A pure function of a
 * snapshot and the time; any thread may call it.
 *
 * <p>Goals, in order: give out no core and no memory twice; start jobs in the order of partition
 * tier, priority and id; let a job pass those before it only where, by all time limits, that delays
 * none of them (SchedulerType=sched/backfill).
 */
public final class Scheduler {
  /** bf_max_job_array_resv's default: tasks of one array that get a place of their own. */
  private static final int MOST_OF_ARRAY = 20;

  /** An expected start that moved by less is not worth telling. */
  private static final Duration SAME_START = Duration.ofSeconds(60);

  private Scheduler() {}

  /**
   * Plans one round.
   *
   * @param budget asked before each job; when it is used up the plan says so
   */
  public static Plan plan(ClusterState snapshot, Instant now, Budget budget) {
    return new Round(snapshot, now).run(budget);
  }

  /**
   * A job that cannot start at once.
   *
   * @param open partitions that take it as soon as they have room
   */
  private record Waiting(Job job, List<Partition> open, JobReason reason, String text) {}

  /** One planning: what was given out so far, and which partitions have a job waiting in front. */
  private static final class Round {
    private final ClusterState snapshot;
    private final Instant now;
    private final Pool pool;
    private final SchedulerParameters parameters;
    private final Timetable timetable;
    private final Map<Uid, Integer> placedOfUser = new HashMap<>();
    private final Map<PartitionName, Integer> placedOfPartition = new HashMap<>();
    private final boolean backfill;
    private final boolean strangersAreTold;
    private final Map<PartitionName, PartitionLimits.Size> sizes = new HashMap<>();
    private final Set<PartitionName> blocked = new HashSet<>();
    private final Set<NodeName> blockedNodes = new HashSet<>();
    private final Map<PartitionName, Boolean> overlapping = new HashMap<>();
    private final Map<Shape, Selection.Answer> failed = new HashMap<>();
    private final ArrayRun arrays;
    private final List<JobStart> starts = new ArrayList<>();
    private final List<JobWait> waits = new ArrayList<>();
    private final List<Waiting> behind = new ArrayList<>();
    private int tried;
    private int placed;
    private int backfilled;

    Round(ClusterState snapshot, Instant now) {
      this.snapshot = snapshot;
      this.now = now;
      this.pool = new Pool(snapshot, now);
      this.parameters = SchedulerParameters.of(snapshot.config());
      this.timetable = new Timetable(snapshot, pool, now, parameters.backfillWindow());
      this.arrays = new ArrayRun(snapshot);
      this.strangersAreTold = StandIn.isAtLeast(snapshot.config(), Release.V23_02);
      this.backfill = snapshot.config().schedulerType().endsWith("backfill");
    }

    Plan run(Budget budget) {
      int examined = 0;
      boolean complete = true;
      for (Job job : Queue.of(snapshot)) {
        if (!budget.allowsAnother()) {
          complete = false;
          break;
        }
        examined++;
        if (HetGroups.isComponent(job)) {
          if (HetGroups.isLeader(job)) {
            considerTogether(job);
          }
          continue;
        }
        if (StartDeadline.isMissed(job, now)) {
          continue;
        }
        JobReason notYet = Eligibility.reason(job, now);
        if (notYet != null) {
          // what was said about a hold stays
          waits(job, notYet, notYet == job.reason() ? job.stateDescription() : null, null, null);
        } else {
          complete = consider(job, budget);
        }
      }
      for (Waiting waiting : behind) {
        settle(waiting, complete && budget.allowsAnother());
      }
      return new Plan(starts, waits, examined, tried + timetable.tried(), complete, backfilled);
    }

    /** Starts all components of a heterogeneous job, or none; then places are kept for them. */
    private void considerTogether(Job leader) {
      HetRun.Answer answer = new HetRun(snapshot, pool, now).find(leader, this::isBlocked);
      tried += answer.components().size();
      for (HetRun.Place place : answer.places()) {
        timetable.started(place.job(), place.partition(), place.allocation());
        start(place.job(), place.partition(), place.allocation());
      }
      if (!answer.places().isEmpty()) {
        return;
      }
      answer.open().forEach(this::block);
      for (Job job : answer.components()) {
        if (Eligibility.isWaiting(job) && answer.reason() != JobReason.NONE) {
          Timetable.Place later = backfill ? place(job, answer.open()) : null;
          boolean known = later != null && later.start().isAfter(now);
          String nodes = known ? nodes(later.allocation()) : null;
          waits(job, answer.reason(), null, known ? later.start() : null, nodes);
        }
      }
    }

    /** Starts a job, or as many tasks of an array as can be; false when the budget ends that. */
    private boolean consider(Job job, Budget budget) {
      boolean more = true;
      while (more) {
        if (arrays.isFull(job)) {
          waits(job, JobReason.ARRAY_TASK_LIMIT, null, null, null);
          return true;
        }
        more = consider(job) && arrays.hasNext(job);
        if (more && !budget.allowsAnother()) {
          return false;
        }
      }
      return true;
    }

    /**
     * Gives a job that found nothing now its place in the timetable; of an array several tasks get
     * one, and the first that must wait tells for how long.
     */
    private void settle(Waiting waiting, boolean inTime) {
      Job job = waiting.job();
      if (arrays.isFull(job)) {
        waits(job, JobReason.ARRAY_TASK_LIMIT, null, null, null);
        return;
      }
      if (!backfill || waiting.open().isEmpty()) {
        waits(job, waiting.reason(), waiting.text(), null, null);
        return;
      }
      if (!inTime) {
        String nodes = job.expectedNodes();
        waits(job, waiting.reason(), waiting.text(), job.expectedStart(), nodes);
        return;
      }
      Timetable.Place later = null;
      boolean left = true;
      int reserved = 0;
      Timetable.Place place = place(job, waiting.open());
      while (place != null) {
        if (place.start().equals(now)) {
          backfilled++;
          start(job, place.partition(), place.allocation());
          left = arrays.hasNext(job);
        } else {
          later = later == null ? place : later;
          reserved++;
        }
        boolean more = left && JobArrays.isUnsplit(job) && reserved < mostReserved(job);
        place = more && !arrays.isFull(job) ? place(job, waiting.open()) : null;
      }
      if (left) {
        boolean full = later == null && arrays.isFull(job);
        JobReason reason = full ? JobReason.ARRAY_TASK_LIMIT : waiting.reason();
        Instant start = later == null ? null : later.start();
        waits(job, reason, waiting.text(), start, later == null ? null : nodes(later.allocation()));
      }
    }

    /** Places that are kept free for one array at most, and never more than its tasks need. */
    private int mostReserved(Job job) {
      int tasks = Math.min(MOST_OF_ARRAY, JobArrays.jobCount(job));
      return job.arrayThrottle() == 0 ? tasks : (int) Math.min(tasks, job.arrayThrottle());
    }

    /** True if the job, or a task of it, was started. */
    private boolean consider(Job job) {
      JobReason reason = null;
      String text = null;
      List<Partition> open = new ArrayList<>();
      for (PartitionName name : job.request().partitions()) {
        Partition partition = snapshot.partitions().get(name).orElse(null);
        JobReason barred = barred(job, partition);
        if (barred == JobReason.PARTITION_CONFIG && reason == null && strangersAreTold) {
          text = PartitionLimits.strangerText(job.request(), partition);
        }
        if (barred == null && isBlocked(partition)) {
          barred = blocked.contains(name) ? JobReason.PRIORITY : JobReason.RESOURCES;
          block(partition);
          open.add(partition);
        }
        if (barred == null) {
          Selection.Answer answer = choose(job, partition);
          if (answer.allocation() != null) {
            timetable.started(job, partition, answer.allocation());
            start(job, partition, answer.allocation());
            return true;
          }
          barred = answer.reason();
          text = reason == null ? answer.text() : text;
          if (barred == JobReason.RESOURCES) {
            block(partition);
            open.add(partition);
          }
        }
        reason = reason == null ? barred : reason;
      }
      JobReason told = JobArrays.isPart(job) ? arrays.refused(job, reason) : reason;
      behind.add(new Waiting(job, open, told, text));
      return false;
    }

    private JobReason barred(Job job, Partition partition) {
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

    /** A job in front waits for this partition's nodes. */
    private boolean isBlocked(Partition partition) {
      return blocked.contains(partition.name())
          || overlapping.computeIfAbsent(
              partition.name(),
              name -> partition.members().stream().anyMatch(blockedNodes::contains));
    }

    private void block(Partition partition) {
      if (blocked.add(partition.name())) {
        blockedNodes.addAll(partition.members());
        overlapping.clear();
      }
    }

    private Selection.Answer choose(Job job, Partition partition) {
      Shape shape = Shape.of(job, partition);
      Selection.Answer known = failed.get(shape);
      if (known != null) {
        return known;
      }
      tried++;
      Instant end = now.plusSeconds(60 * Math.max(1, shape.minutes()));
      Selection.Answer answer = Selection.choose(pool.during(now, end), job, partition);
      if (answer.allocation() == null) {
        failed.put(shape, answer);
      }
      return answer;
    }

    private Timetable.Place place(Job job, List<Partition> open) {
      Timetable.Place best = null;
      for (Partition partition : open) {
        if (!mayPlace(job, partition) || timetable.isHopeless(job, partition)) {
          continue;
        }
        placed++;
        placedOfUser.merge(job.request().userId(), 1, Integer::sum);
        placedOfPartition.merge(partition.name(), 1, Integer::sum);
        best = timetable.place(job, partition);
        if (best != null) {
          return best;
        }
      }
      return best;
    }

    /** Within the limits of SchedulerParameters on how many jobs are found a place. */
    private boolean mayPlace(Job job, Partition partition) {
      int ofUser = placedOfUser.getOrDefault(job.request().userId(), 0);
      int ofPartition = placedOfPartition.getOrDefault(partition.name(), 0);
      return placed < parameters.backfillMaxJobs()
          && isWithin(ofUser, parameters.backfillMaxJobsOfUser())
          && isWithin(ofPartition, parameters.backfillMaxJobsOfPartition())
          && isWithin(backfilled, parameters.backfillMaxStarts());
    }

    private static boolean isWithin(int count, int limit) {
      return limit == 0 || count < limit;
    }

    private void start(Job job, Partition partition, Allocation allocation) {
      starts.add(
          JobStart.builder()
              .jobId(job.id())
              .version(job.version())
              .partition(partition.name())
              .allocation(allocation)
              .arrayTaskId(arrays.start(job))
              .build());
    }

    private void waits(Job job, JobReason reason, String text, Instant start, String nodes) {
      boolean same =
          job.reason() == reason
              && Objects.equals(job.stateDescription(), text)
              && Objects.equals(job.expectedNodes(), nodes)
              && isNear(job.expectedStart(), start);
      if (same) {
        return;
      }
      waits.add(
          JobWait.builder()
              .jobId(job.id())
              .version(job.version())
              .reason(reason)
              .stateDescription(text)
              .expectedStart(start)
              .expectedNodes(nodes)
              .build());
    }

    private static boolean isNear(Instant before, Instant after) {
      if (before == null || after == null) {
        return before == null && after == null;
      }
      return Duration.between(before, after).abs().compareTo(SAME_START) < 0;
    }

    private static String nodes(Allocation allocation) {
      List<String> names = new ArrayList<>();
      for (NodeAllocation share : allocation.nodes()) {
        names.add(share.node().value());
      }
      return HostList.of(names).ranged();
    }
  }
}
