package baton.controller.query;

import baton.controller.apply.Outcome;
import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.command.JobStart;
import baton.controller.command.SubmitJob;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeState;
import baton.controller.model.collection.SortedTable;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Scheduler;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobWillRunResponse;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * When and where a job would start: it is submitted to a copy of the state in which no other job
 * waits, and the running jobs end one after the other at their limits until it starts.
 */
public final class WillRun {
  /** Ends of running jobs that are tried; later ones are as good as unknown. */
  private static final int MAX_ENDS = 64;

  private WillRun() {}

  /** Either an answer or why the job would be refused. */
  public record Expectation(Optional<JobWillRunResponse> start, SlurmError refusal) {}

  /** What would become of a submission. */
  public static Expectation of(ClusterState state, SubmitJob submission, Release release) {
    Outcome outcome = StateMachine.apply(state, submission);
    if (outcome.reply() instanceof Reply.Rejected rejected) {
      return new Expectation(Optional.empty(), rejected.error());
    }
    if (outcome.reply() instanceof Reply.JobFailed failed) {
      return new Expectation(Optional.empty(), failed.error());
    }
    JobId id = ((Reply.JobAccepted) outcome.reply()).jobId();
    Job wanted = outcome.next().jobs().get(id).orElseThrow();
    TreeMap<JobId, Job> running = new TreeMap<>();
    for (Job job : state.jobs().values()) {
      if (job.state() != JobState.PENDING) {
        running.put(job.id(), job);
      }
    }
    Instant begin = submission.time();
    if (wanted.request().beginTime() != null && wanted.request().beginTime().isAfter(begin)) {
      begin = wanted.request().beginTime();
    }
    for (Instant time : times(running, begin)) {
      running.values().removeIf(job -> !holdsAt(job, time));
      running.put(id, wanted);
      Optional<JobStart> start = start(outcome.next(), running, id, time);
      running.remove(id);
      if (start.isPresent()) {
        return new Expectation(Optional.of(answer(state, start.get(), time, release)), null);
      }
    }
    return new Expectation(Optional.empty(), SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE);
  }

  private static Iterable<Instant> times(Map<JobId, Job> running, Instant begin) {
    TreeSet<Instant> ends = new TreeSet<>();
    for (Job job : running.values()) {
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

  private static JobWillRunResponse answer(
      ClusterState state, JobStart start, Instant time, Release release) {
    long cpus = start.allocation().nodes().stream().mapToLong(NodeAllocation::cpuCount).sum();
    JobWillRunResponse.Builder response =
        JobWillRunResponse.builder()
            .jobId(start.jobId())
            .nodeList(
                NodeLists.text(
                    state.order(),
                    start.allocation().nodes().stream().map(NodeAllocation::node).toList()))
            .partition(start.partition().value())
            .cpuCount(cpus)
            .startTime(time.getEpochSecond());
    if (!release.atLeast(Release.V25_05)) {
      response.systemUsagePercent(usagePercent(state));
    }
    return response.build();
  }

  private static double usagePercent(ClusterState state) {
    long all = 0;
    long used = 0;
    for (Node node : state.nodes().values()) {
      if (node.baseState() != NodeState.FUTURE) {
        all += node.definition().cpus();
        used +=
            state.holdingsOn(node.name()).stream()
                .mapToLong(holding -> holding.share().cpuCount())
                .sum();
      }
    }
    return all == 0 ? 0 : 100.0 * used / all;
  }
}
