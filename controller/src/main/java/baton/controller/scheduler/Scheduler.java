package baton.controller.scheduler;

import baton.controller.command.JobStart;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.SchedulerParameters;
import baton.controller.lifecycle.StandIn;
import baton.controller.lifecycle.StartDeadline;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.Partition;
import baton.controller.scheduler.select.Pool;
import baton.controller.scheduler.select.Selection;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** What slurmctld says where a partition has too few nodes in order that are not for others. */
  private static final String NODES_NOT_LEFT =
      "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions";

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
    private final Timetable timetable;
    private final boolean backfill;
    private final Places places;
    private final Bars bars;
    private final Front front;
    private final Map<Shape, Selection.Answer> failed = new HashMap<>();
    private final ArrayRun arrays;
    private final List<JobStart> starts = new ArrayList<>();
    private final Set<JobId> started = new HashSet<>();
    private final Waits waits = new Waits();
    private final Map<JobId, Waiting> waiting = new LinkedHashMap<>();
    private final boolean preferringHoldsNobodyUp;
    private int tried;

    Round(ClusterState snapshot, Instant now) {
      this.snapshot = snapshot;
      this.now = now;
      this.pool = new Pool(snapshot, now);
      SchedulerParameters parameters = SchedulerParameters.of(snapshot.config());
      this.timetable = new Timetable(snapshot, pool, now, parameters.backfillWindow());
      this.places = new Places(parameters, timetable);
      this.bars = new Bars(snapshot);
      this.front = new Front(snapshot);
      this.arrays = new ArrayRun(snapshot);
      this.backfill = snapshot.config().schedulerType().endsWith("backfill");
      // without what it prefers the job is looked at right after this
      this.preferringHoldsNobodyUp = StandIn.isAtLeast(snapshot.config(), Release.V25_11);
    }

    Plan run(Budget budget) {
      int examined = 0;
      boolean complete = true;
      List<Queue.Entry> behind = new ArrayList<>();
      for (Queue.Entry entry : Queue.of(snapshot, now)) {
        if (!budget.allowsAnother()) {
          complete = false;
          break;
        }
        examined++;
        Job job = entry.job();
        if (HetGroups.isComponent(job)) {
          if (HetGroups.isLeader(job)) {
            considerTogether(job);
          }
          continue;
        }
        if (StartDeadline.isMissed(job, now) || started.contains(job.id())) {
          continue;
        }
        JobReason notYet = Eligibility.reason(job, now);
        if (notYet != null) {
          // what was said about a hold stays
          waits.put(job, notYet, notYet == job.reason() ? job.stateDescription() : null);
        } else {
          complete = consider(entry, budget);
          behind.add(entry);
        }
      }
      boolean inTime = backfill && complete;
      for (Queue.Entry entry : behind) {
        Waiting job = inTime ? waiting.get(entry.job().id()) : null;
        if (job != null && job.isOpenAt(entry)) {
          inTime = budget.allowsAnother();
          if (inTime) {
            settle(job, entry);
          }
        }
      }
      waiting.values().forEach(this::tell);
      int looks = tried + timetable.tried();
      return new Plan(starts, waits.all(), examined, looks, complete, places.started());
    }

    /** Starts all components of a heterogeneous job, or none; then places are kept for them. */
    private void considerTogether(Job leader) {
      HetRun.Answer answer = new HetRun(snapshot, pool, now).find(leader, front::overlaps);
      tried += answer.components().size();
      for (HetRun.Place place : answer.places()) {
        timetable.started(place.job(), place.partition(), place.allocation());
        start(place.job(), place.partition(), place.allocation(), false);
      }
      if (!answer.places().isEmpty()) {
        return;
      }
      answer.open().forEach(front::block);
      for (Job job : answer.components()) {
        if (Eligibility.isWaiting(job) && answer.reason() != JobReason.NONE) {
          JobReason reason = reasonOf(job, answer.reason());
          Timetable.Place later = backfill ? placeOfComponent(job, answer.open()) : null;
          boolean known = later != null && later.start().isAfter(now);
          String nodes = known ? Waits.nodes(later.allocation()) : null;
          waits.put(job, reason, null, known ? later.start() : null, nodes, null);
        }
      }
    }

    private Timetable.Place placeOfComponent(Job job, List<Partition> open) {
      for (Partition partition : open) {
        Timetable.Place place = places.place(job, partition);
        if (place != null) {
          return place;
        }
      }
      return null;
    }

    /** A component that could start, were it not for another, waits for what that one holds up. */
    private JobReason reasonOf(Job component, JobReason ofAll) {
      boolean ready = Eligibility.reason(component, now) == null;
      boolean notYet = ofAll == JobReason.HELD_BY_USER || ofAll == JobReason.HELD_BY_ADMIN;
      return ready && notYet ? JobReason.RESOURCES : ofAll;
    }

    /** Starts a job, or as many tasks of an array as can be; false when the budget ends that. */
    private boolean consider(Queue.Entry entry, Budget budget) {
      Job job = entry.job();
      boolean more = true;
      while (more) {
        if (arrays.isFull(job)) {
          waits.put(job, JobReason.ARRAY_TASK_LIMIT, null);
          return true;
        }
        more = startsNow(entry) && arrays.hasNext(job);
        if (more && !budget.allowsAnother()) {
          return false;
        }
      }
      return true;
    }

    /** True if the job, or a task of it, was started. */
    private boolean startsNow(Queue.Entry entry) {
      Job job = entry.job();
      Partition partition = entry.partition();
      if (bars.of(job, partition) != null) {
        waitingFor(job);
        return false;
      }
      Waiting known = null;
      if (front.has(partition)) {
        waitingFor(job).behindOthers(entry);
        return false;
      }
      boolean down = Selection.misses(pool, entry.asked(), partition) != null;
      if (!down && job.request().minNodes() > front.nodesLeft(partition)) {
        known = waitingFor(job);
        known.refused(entry, JobReason.RESOURCES, NODES_NOT_LEFT);
      } else if (front.overlaps(partition)) {
        known = waitingFor(job);
        known.refused(entry, JobReason.RESOURCES, null);
      } else {
        Selection.Answer answer = choose(entry.asked(), partition);
        if (answer.allocation() != null) {
          timetable.started(job, partition, answer.allocation());
          start(job, partition, answer.allocation(), entry.prefers());
          return true;
        }
        known = waitingFor(job);
        boolean never = bars.isImpossible(entry);
        known.refused(
            entry,
            never ? JobReason.BAD_CONSTRAINTS : answer.reason(),
            never ? null : answer.text());
      }
      boolean looksAgain = entry.prefers() && preferringHoldsNobodyUp;
      if (known.reason() == JobReason.RESOURCES && !looksAgain) {
        front.block(partition);
      }
      return false;
    }

    private Waiting waitingFor(Job job) {
      return waiting.computeIfAbsent(job.id(), id -> bars.waiting(job));
    }

    /**
     * Gives a job that found nothing now a place in the timetable of one partition; of an array
     * several tasks get one, and the first that must wait tells for how long.
     */
    private void settle(Waiting behind, Queue.Entry entry) {
      Job job = behind.job();
      behind.look();
      boolean more = !started.contains(job.id());
      while (more && !arrays.isFull(job)) {
        Timetable.Place place = places.place(entry.asked(), entry.partition());
        if (place == null) {
          return;
        }
        if (place.start().equals(now)) {
          places.countStart();
          start(job, place.partition(), place.allocation(), entry.prefers());
          more = arrays.hasNext(job);
        } else {
          behind.reserve(place);
        }
        more = more && JobArrays.isUnsplit(job) && behind.reserved() < mostReserved(job);
      }
    }

    /** Tells why a job waits, and for how long; without time for that, what was said before. */
    private void tell(Waiting behind) {
      Job job = behind.job();
      if (started.contains(job.id())) {
        return;
      }
      JobReason reason = behind.reason();
      reason = JobArrays.isPart(job) ? arrays.refused(job, reason) : reason;
      Timetable.Place later = behind.later();
      if (later == null && arrays.isFull(job)) {
        waits.put(job, JobReason.ARRAY_TASK_LIMIT, null);
      } else if (backfill && behind.isOverlooked()) {
        Instant start = job.expectedStart();
        waits.put(job, reason, behind.text(), start, job.expectedNodes(), behind.tried());
      } else {
        Instant start = later == null ? null : later.start();
        String nodes = later == null ? null : Waits.nodes(later.allocation());
        waits.put(job, reason, behind.text(), start, nodes, behind.tried());
      }
    }

    /** Places that are kept free for one array at most, and never more than its tasks need. */
    private int mostReserved(Job job) {
      int tasks = Math.min(MOST_OF_ARRAY, JobArrays.jobCount(job));
      return job.arrayThrottle() == 0 ? tasks : (int) Math.min(tasks, job.arrayThrottle());
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

    private void start(Job job, Partition partition, Allocation allocation, boolean preferred) {
      starts.add(
          JobStart.builder()
              .jobId(job.id())
              .version(job.version())
              .partition(partition.name())
              .allocation(allocation)
              .arrayTaskId(arrays.start(job))
              .preferred(preferred)
              .build());
      if (!arrays.hasNext(job)) {
        started.add(job.id());
      }
    }
  }
}
