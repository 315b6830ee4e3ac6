package baton.controller.scheduler;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Partition;
import baton.controller.scheduler.select.Pool;
import baton.controller.scheduler.select.Selection;
import baton.protocol.type.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Conservative backfill: every job that waits, in order of priority, is given the earliest place
 * that takes nothing from the jobs before it, as far as time limits tell. One whose place is free
 * now starts. Lives within one planning.
 */
final class Timetable {
  /** Moments that are tried for one job; beyond them it is left without an expectation. */
  private static final int MOST_MOMENTS = 60;

  private final Pool pool;
  private final Instant now;
  private final Duration window;
  private final boolean freeNodesFirst;

  /** When what is held now, or promised, becomes free. */
  private final TreeSet<Instant> changes = new TreeSet<>();

  /** No job of the shape can begin before this. */
  private final Map<Shape, Instant> notBefore = new HashMap<>();

  private int tried;

  /** A place in the timetable. */
  record Place(Partition partition, Allocation allocation, Instant start) {}

  /**
   * @param window how far ahead a place is looked for
   */
  Timetable(ClusterState snapshot, Pool pool, Instant now, Duration window) {
    this.pool = pool;
    this.now = now;
    this.window = window;
    this.freeNodesFirst = !StandIn.isAtLeast(snapshot.config(), Release.V24_11);
    for (Job job : snapshot.jobs().values()) {
      boolean holds =
          JobLifecycle.isRunning(job)
              || JobLifecycle.isSuspended(job)
              || JobLifecycle.isCompleting(job);
      if (holds) {
        changes.add(pool.endOf(job.id()));
      }
    }
    if (snapshot.fences().size() > 0) {
      changes.add(now.plusSeconds(1));
    }
  }

  /** Notes that a job was started by the plan itself. */
  void started(Job job, Partition partition, Allocation allocation) {
    Instant end = now.plusSeconds(60 * Math.max(1, Shape.minutes(job, partition)));
    pool.promise(job, partition, allocation, now, end);
    changes.add(end);
  }

  /** The earliest place of a job in a partition, kept for it; null if there is none in sight. */
  Place place(Job job, Partition partition) {
    Shape shape = Shape.of(job, partition);
    Instant earliest = notBefore.getOrDefault(shape, now);
    long seconds = 60 * Math.max(1, Shape.minutes(job, partition));
    int moments = 0;
    Instant moment = earliest;
    while (moment != null && moments < MOST_MOMENTS) {
      moments++;
      tried++;
      Instant end = moment.plusSeconds(seconds);
      Allocation allocation = Selection.find(pool.during(moment, end), job, partition);
      if (allocation != null) {
        allocation = preferred(job, partition, allocation, moment, end);
        notBefore.put(shape, moment);
        pool.promise(job, partition, allocation, moment, end);
        changes.add(end);
        return new Place(partition, allocation, moment);
      }
      moment = changes.higher(moment);
      if (moment != null && moment.isAfter(now.plus(window))) {
        moment = null;
      }
    }
    notBefore.put(shape, now.plus(window).plus(window));
    return null;
  }

  /**
   * Where slurmctld up to 24.05 expects a job: on what is free now already, if that does, though
   * lighter nodes will be free when it begins.
   */
  private Allocation preferred(
      Job job, Partition partition, Allocation found, Instant start, Instant end) {
    if (!freeNodesFirst || !start.isAfter(now)) {
      return found;
    }
    tried++;
    Allocation free = Selection.find(pool.besidesWhatRuns(start, end), job, partition);
    return free == null ? found : free;
  }

  /** How often a place was looked for. */
  int tried() {
    return tried;
  }

  /** True if a job of this shape cannot have a place in sight. */
  boolean isHopeless(Job job, Partition partition) {
    Instant earliest = notBefore.get(Shape.of(job, partition));
    return earliest != null && earliest.isAfter(now.plus(window));
  }
}
