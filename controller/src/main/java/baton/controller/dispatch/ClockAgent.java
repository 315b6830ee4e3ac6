package baton.controller.dispatch;

import baton.controller.apply.Deadlines;
import baton.controller.apply.Steps;
import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.command.TimePassed;
import baton.controller.journal.ClusterLog;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.Partition;
import baton.controller.model.Step;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells the log that time has passed, on the leader alone and only when something falls due by it:
 * limits, warnings, deadlines, silent nodes, records that are old enough to be forgotten.
 */
public final class ClockAgent implements Agent {
  private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();

  private final ClusterLog log;
  private final TimeSource time;
  private final Submitter submitter;
  private boolean underWay;
  private long roundNanos;

  public ClockAgent(ClusterLog log, TimeSource time, Doorbell doorbell) {
    this.log = log;
    this.time = time;
    this.submitter = new Submitter(log, doorbell);
    this.roundNanos = time.monotonicNanos();
  }

  @Override
  public String roleName() {
    return "clock";
  }

  @Override
  public int doWork() {
    int done = submitter.takeUp();
    long now = time.monotonicNanos();
    if (!log.isLeader() || underWay || now - roundNanos < 0) {
      return done;
    }
    roundNanos = now + ROUND_NANOS;
    Instant instant = log.now();
    if (isDue(log.state(), instant)) {
      underWay = true;
      TimePassed command = TimePassed.builder().time(instant).build();
      submitter.submit(command, committed -> underWay = false);
      done++;
    }
    return done;
  }

  private static boolean isDue(ClusterState state, Instant now) {
    if (Deadlines.isDue(state.config(), state.facts(), now)) {
      return true;
    }
    for (Job job : state.jobs().values()) {
      Partition partition = state.partitions().get(job.partition()).orElse(null);
      if (Deadlines.isDue(state.config(), partition, state.arrays(), job, now)) {
        return true;
      }
    }
    for (Step step : state.steps().values()) {
      Job job = state.jobs().get(step.jobId()).orElse(null);
      if (job != null && Steps.isDue(step, job, now)) {
        return true;
      }
    }
    for (Node node : state.nodes().values()) {
      if (Deadlines.isDue(state.config(), node, now)) {
        return true;
      }
    }
    return Deadlines.isDependencyDue(state, now);
  }
}
