package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.controller.command.ClientsGone;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.HetGroups;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for the allocations whose srun or salloc went away while no controller listened: one that
 * died between the commit and its answer, or was dead when the client wanted to give its allocation
 * back. Such an allocation is of no use to anybody and would hold its nodes until its time limit.
 *
 * <p>A new leader pings the clients of all allocations that it finds. One is taken for gone only if
 * its port is closed for longer than a client tries to reach a controller, no step of the job is
 * there, and others on the same host were reached (else it may be a firewall that refuses); and
 * never where the user asked for an allocation without a client (salloc --no-shell). For the thread
 * of the client watch alone.
 */
final class LostClients {
  private static final int MAX_UNDER_WAY = 256;
  private static final long ROUND_NANOS = Duration.ofSeconds(4).toNanos();
  private static final long LATER_ROUND_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int QUICK_ROUNDS = 10;

  /** An allocation whose client has not answered this leader. */
  private static final class Suspect {
    private boolean underWay;
    private boolean refuses;
    private long refusedSinceNanos;
  }

  private final ClusterLog log;
  private final ClientChannel channel;
  private final TimeSource time;
  private final Submitter submitter;
  private final Map<JobId, Suspect> suspects = new TreeMap<>();
  private final Set<String> reached = new HashSet<>();
  private int rounds;
  private int underWay;
  private long roundNanos;

  LostClients(ClusterLog log, ClientChannel channel, TimeSource time, Submitter submitter) {
    this.log = log;
    this.channel = channel;
    this.time = time;
    this.submitter = submitter;
  }

  /** This controller leads from now on. */
  void begin() {
    suspects.clear();
    reached.clear();
    rounds = 0;
    roundNanos = time.monotonicNanos();
    for (Job job : log.state().jobs().values()) {
      if (isAllocation(job) && endsWithItsClient(job)) {
        suspects.put(job.id(), new Suspect());
      }
    }
  }

  private static boolean isAllocation(Job job) {
    JobRequest request = job.request();
    return !request.batch()
        && JobLifecycle.isRunning(job)
        && !HetGroups.isComponent(job)
        && request.otherPort() != 0
        && request.responseHost() != null;
  }

  /**
   * As the command line says; getopt takes any beginning of an option that is not ambiguous. A
   * shell outlives a salloc that is killed, and may go on making steps: once it has made one, its
   * allocation is left alone.
   */
  private static boolean endsWithItsClient(Job job) {
    String line = job.request().submitLine();
    if (line == null) {
      return false;
    }
    String program = line.split(" ", 2)[0];
    boolean unused = program.endsWith("salloc") && job.nextStepId() == 0;
    return program.endsWith("srun") || (unused && !line.contains("--no-s"));
  }

  int work() {
    long now = time.monotonicNanos();
    if (suspects.isEmpty() || now - roundNanos < 0) {
      return 0;
    }
    roundNanos = now + (rounds < QUICK_ROUNDS ? ROUND_NANOS : LATER_ROUND_NANOS);
    rounds++;
    ClusterState state = log.state();
    report(state, now);
    ClientPorts ports = ClientPorts.of(state);
    int pinged = 0;
    for (JobId id : List.copyOf(suspects.keySet())) {
      Job job = state.jobs().get(id).orElse(null);
      if (job == null || !isAllocation(job)) {
        suspects.remove(id);
      } else if (ports.isAnothers(job.request().responseHost(), job.request().otherPort(), job)) {
        refused(suspects.get(id));
      } else if (!suspects.get(id).underWay && underWay < MAX_UNDER_WAY) {
        ping(job, suspects.get(id));
        pinged++;
      }
    }
    return pinged;
  }

  private void ping(Job job, Suspect suspect) {
    JobRequest request = job.request();
    Optional<Release> release = Release.of(request.submitProtocolVersion());
    if (release.isEmpty()) {
      suspects.remove(job.id());
      return;
    }
    suspect.underWay = true;
    underWay++;
    channel.send(
        request.responseHost(),
        request.otherPort(),
        release.get(),
        Message.empty(MessageType.SRUN_PING),
        request.userId(),
        true,
        outcome -> submitter.post(() -> told(job.id(), suspect, request.responseHost(), outcome)));
  }

  private void told(JobId id, Suspect suspect, String host, SendOutcome outcome) {
    suspect.underWay = false;
    underWay--;
    if (!(outcome instanceof SendFailure failure)) {
      reached.add(host);
      suspects.remove(id, suspect);
    } else if (failure.reason() != SendFailure.Reason.REFUSED) {
      // a fault on this side is told as CLOSED too: that says nothing of the client
      suspect.refuses = false;
    } else {
      refused(suspect);
    }
  }

  private void refused(Suspect suspect) {
    if (!suspect.refuses) {
      suspect.refuses = true;
      suspect.refusedSinceNanos = time.monotonicNanos();
    }
  }

  private void report(ClusterState state, long now) {
    // what a client tries to reach a controller for, and a round
    long patience =
        Duration.ofSeconds(state.config().messageTimeoutSeconds()).toNanos() + ROUND_NANOS;
    List<JobId> gone = new ArrayList<>();
    suspects.forEach(
        (id, suspect) -> {
          Job job = state.jobs().get(id).orElse(null);
          if (job == null || !state.stepsOf(id).isEmpty()) {
            suspect.refuses = false;
          } else if (suspect.refuses
              && now - suspect.refusedSinceNanos >= patience
              && reached.contains(job.request().responseHost())) {
            gone.add(id);
          }
        });
    if (!gone.isEmpty()) {
      // if it is not committed, the next round says the same
      submitter.submit(ClientsGone.builder().time(log.now()).jobs(gone).build(), committed -> {});
    }
  }
}
