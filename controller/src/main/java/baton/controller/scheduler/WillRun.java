package baton.controller.scheduler;

import baton.controller.command.JobStart;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.Partition;
import baton.controller.model.collection.SortedTable;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * When and where a job would start if no other job waited: the running jobs end one after the other
 * at their limits until it does. A pure function; any thread may call it.
 */
public final class WillRun {
  /** Ends of running jobs that are tried; later ones are as good as unknown. */
  private static final int MAX_ENDS = 64;

  private WillRun() {}

  /** A start that would be made at a time. */
  public record Expectation(JobStart start, Instant time) {}

  /**
   * Looks for the first start of a job; of several partitions in the first by PriorityTier that
   * will have room, be it earlier in another.
   *
   * @param snapshot the cluster; the job need not stand in it
   * @param now the earliest time, unless the job asks for a later one
   * @return empty if none of the times that are tried suits
   */
  public static Optional<Expectation> of(ClusterState snapshot, Job wanted, Instant now) {
    for (Partition partition : Queue.byTier(snapshot, wanted.request().partitions())) {
      JobRequest there = wanted.request().toBuilder().partitions(List.of(partition.name())).build();
      Optional<Expectation> found = at(snapshot, wanted.toBuilder().request(there).build(), now);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Expectation> at(ClusterState snapshot, Job wanted, Instant now) {
    TreeMap<JobId, Job> holding = new TreeMap<>();
    for (Job job : snapshot.jobs().values()) {
      if (job.state() != JobState.PENDING) {
        holding.put(job.id(), job);
      }
    }
    Instant asked = wanted.request().beginTime();
    Instant begin = asked != null && asked.isAfter(now) ? asked : now;
    for (Instant time : times(holding, begin)) {
      holding.values().removeIf(job -> !holdsAt(job, time));
      holding.put(wanted.id(), wanted);
      Optional<JobStart> start = start(snapshot, holding, wanted.id(), time);
      holding.remove(wanted.id());
      if (start.isPresent()) {
        return Optional.of(new Expectation(start.get(), time));
      }
    }
    return Optional.empty();
  }

  private static Iterable<Instant> times(Map<JobId, Job> holding, Instant begin) {
    TreeSet<Instant> ends = new TreeSet<>();
    for (Job job : holding.values()) {
      if (job.endTime() != null && job.endTime().isAfter(begin)) {
        ends.add(job.endTime());
      }
    }
    while (ends.size() > MAX_ENDS) {
      ends.pollLast();
    }
    ends.add(begin);
    return ends;
  }

  private static boolean holdsAt(Job job, Instant time) {
    boolean holds = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
    return holds && (job.endTime() == null || job.endTime().isAfter(time));
  }

  private static Optional<JobStart> start(
      ClusterState state, Map<JobId, Job> jobs, JobId id, Instant time) {
    ClusterState then =
        ClusterState.of(
            state.config(),
            state.facts(),
            SortedTable.copyOf(jobs),
            state.nodes(),
            state.partitions(),
            SortedTable.empty());
    return Scheduler.plan(then, time, Budget.unlimited()).starts().stream()
        .filter(start -> start.jobId().equals(id))
        .findFirst();
  }
}
