package baton.controller.dispatch;

import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.command.ClientsSeen;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.protocol.message.MessageType;
import baton.protocol.net.Message;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where InactiveLimit is set, pings the sruns and sallocs of running allocations, on the leader
 * alone, and tells the log which of them are there. Every third of the limit, as slurmctld does;
 * who was heard of late is left in peace. Those who went away while there was no controller are
 * looked for in any case ({@link LostClients}).
 */
public final class ClientWatch implements Agent {
  private static final long REPORT_NANOS = Duration.ofSeconds(1).toNanos();

  private final ClusterLog log;
  private final ClientChannel channel;
  private final TimeSource time;
  private final Submitter submitter;
  private final LostClients lostClients;
  private boolean leading;
  private List<JobId> seen = new ArrayList<>();
  private long roundNanos;
  private long reportNanos;

  public ClientWatch(ClusterLog log, ClientChannel channel, TimeSource time, Doorbell doorbell) {
    this.log = log;
    this.channel = channel;
    this.time = time;
    this.submitter = new Submitter(log, doorbell);
    this.lostClients = new LostClients(log, channel, time, submitter);
    this.roundNanos = time.monotonicNanos();
    this.reportNanos = roundNanos;
  }

  @Override
  public String roleName() {
    return "client-watch";
  }

  @Override
  public int doWork() {
    int done = submitter.takeUp();
    if (!log.isLeader()) {
      leading = false;
      seen.clear();
      return done;
    }
    if (!leading) {
      leading = true;
      lostClients.begin();
    }
    done += lostClients.work();
    long now = time.monotonicNanos();
    if (!seen.isEmpty() && now - reportNanos >= 0) {
      reportNanos = now + REPORT_NANOS;
      report();
      done++;
    }
    ClusterState state = log.state();
    int limitSeconds = state.config().inactiveLimitSeconds();
    if (limitSeconds != 0 && now - roundNanos >= 0) {
      roundNanos = now + Duration.ofSeconds(Math.max(1, limitSeconds / 3)).toNanos();
      done += round(state, limitSeconds);
    }
    return done;
  }

  private int round(ClusterState state, int limitSeconds) {
    long grace = limitSeconds / 3 - state.config().messageTimeoutSeconds() - 1L;
    Instant old = log.now().minusSeconds(Math.max(0, grace));
    int pinged = 0;
    for (Job job : state.jobs().values()) {
      JobRequest request = job.request();
      boolean silent =
          JobLifecycle.isRunning(job)
              && request.otherPort() != 0
              && request.responseHost() != null
              && job.clientSeen() != null
              && !job.clientSeen().isAfter(old);
      Release release = silent ? Release.of(request.submitProtocolVersion()).orElse(null) : null;
      if (release != null) {
        channel.send(
            request.responseHost(),
            request.otherPort(),
            release,
            Message.empty(MessageType.SRUN_PING),
            request.userId(),
            true,
            outcome -> submitter.post(() -> told(job.id(), outcome)));
        pinged++;
      }
    }
    return pinged;
  }

  private void told(JobId id, SendOutcome outcome) {
    // one that took the ping and closed is there, whatever it thinks of pings
    boolean there =
        !(outcome instanceof SendFailure failure) || failure.reason() == SendFailure.Reason.CLOSED;
    if (there) {
      seen.add(id);
    }
  }

  private void report() {
    ClientsSeen command = ClientsSeen.builder().time(log.now()).jobs(seen).build();
    seen = new ArrayList<>();
    // if it is not committed, the next round says the same
    submitter.submit(command, committed -> {});
  }
}
