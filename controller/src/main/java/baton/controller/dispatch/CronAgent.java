package baton.controller.dispatch;

import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.command.CronStart;
import baton.controller.command.CronStarts;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.Cron;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells the log when the jobs of scrontab that have ended run next, on the leader alone: that
 * depends on the time zone, which is a fact of a host and no part of the state.
 */
public final class CronAgent implements Agent {
  private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MAX_JOBS = 1000;

  private final ClusterLog log;
  private final TimeSource time;
  private final ZoneId zone;
  private final Submitter submitter;
  private boolean underWay;
  private long roundNanos;

  public CronAgent(ClusterLog log, TimeSource time, ZoneId zone, Doorbell doorbell) {
    this.log = log;
    this.time = time;
    this.zone = zone;
    this.submitter = new Submitter(log, doorbell);
    this.roundNanos = time.monotonicNanos();
  }

  @Override
  public String roleName() {
    return "cron";
  }

  @Override
  public int doWork() {
    int done = submitter.takeUp();
    long now = time.monotonicNanos();
    if (!log.isLeader() || underWay || now - roundNanos < 0) {
      return done;
    }
    roundNanos = now + ROUND_NANOS;
    List<CronStart> starts = starts(log.state(), log.now());
    if (!starts.isEmpty()) {
      underWay = true;
      submitter.submit(
          CronStarts.builder().time(log.now()).starts(starts).build(),
          committed -> underWay = false);
      done++;
    }
    return done;
  }

  private List<CronStart> starts(ClusterState state, Instant now) {
    List<CronStart> starts = new ArrayList<>();
    if (state.crontabs().isEmpty()) {
      return starts;
    }
    for (Job job : state.jobs().values()) {
      if (job.cronDue() && starts.size() < MAX_JOBS) {
        Optional<Instant> begin = Cron.next(job.request().cron().get(0), now, zone);
        begin.ifPresent(
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
}
