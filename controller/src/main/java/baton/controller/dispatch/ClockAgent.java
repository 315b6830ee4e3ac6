package baton.controller.dispatch;

import baton.controller.apply.Deadlines;
import baton.controller.apply.Steps;
import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.command.CronStart;
import baton.controller.command.CronStarts;
import baton.controller.command.TimePassed;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.Cron;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.Partition;
import baton.controller.model.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the log that time has passed, on the leader alone and only when something falls due by it:
 * limits, warnings, deadlines, silent nodes, records that are old enough to be forgotten. And when
 * the jobs of scrontab that have ended run next: that depends on the time zone, which is a fact of
 * a host and no part of the state.
 */
public final class ClockAgent implements Agent {
  private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();

  /** Of one command. */
  private static final int MAX_STARTS = 1000;

  private final ClusterLog log;
  private final TimeSource time;
  private final ZoneId zone;
  private final Submitter submitter;
  private int underWay;
  private long roundNanos;

  /** {@code zone} is whose wall clock crontabs mean. */
  public ClockAgent(ClusterLog log, TimeSource time, ZoneId zone, Doorbell doorbell) {
    this.log = log;
    this.time = time;
    this.zone = zone;
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
    if (!log.isLeader() || underWay > 0 || now - roundNanos < 0) {
      return done;
    }
    roundNanos = now + ROUND_NANOS;
    Instant instant = log.now();
    if (isDue(log.state(), instant)) {
      submit(TimePassed.builder().time(instant).build());
      done++;
    }
    List<CronStart> starts = starts(log.state(), instant);
    if (!starts.isEmpty()) {
      submit(CronStarts.builder().time(instant).starts(starts).build());
      done++;
    }
    return done;
  }

  private void submit(Command command) {
    underWay++;
    submitter.submit(command, committed -> underWay--);
  }

  private List<CronStart> starts(ClusterState state, Instant now) {
    List<CronStart> starts = new ArrayList<>();
    if (state.crontabs().isEmpty()) {
      return starts;
    }
    for (Job job : state.jobs().values()) {
      if (job.cronDue() && starts.size() < MAX_STARTS) {
        Cron.next(job.request().cron().get(0), now, zone)
            .ifPresent(
                at ->
                    starts.add(
                        CronStart.builder()
                            .jobId(job.id())
                            .restartCount(job.restartCount())
                            .begin(at)
                            .build()));
      }
    }
    return starts;
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
