package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.controller.command.ClientsTold;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells waiting sruns and sallocs what they are owed, and gives up as slurmctld does: a notice that
 * finds nobody is dropped; a grant is tried for MessageTimeout, and if the client's port stays
 * closed its job ends, so that nodes are not held for nobody.
 *
 * <p>That last is done only where it is certain that the client never had the grant, since it
 * closes its port when it has it: this leader saw the debt arise, and each attempt was refused. For
 * the dispatcher's thread alone.
 */
final class ClientDebts {
  private static final Logger LOG = LoggerFactory.getLogger(ClientDebts.class);
  private static final int MAX_UNDER_WAY = 256;
  private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  /** One debt. */
  private static final class Debt {
    private final EffectId id;
    private final long giveUpNanos;
    private boolean neverTaken;
    private boolean tried;
    private long dueNanos;

    Debt(EffectId id, boolean neverTaken, long now, long giveUpNanos) {
      this.id = id;
      this.neverTaken = neverTaken;
      this.dueNanos = now;
      this.giveUpNanos = giveUpNanos;
    }
  }

  private final ClusterLog log;
  private final Submitter submitter;
  private final ClientChannel channel;
  private final TimeSource time;
  private final Map<EffectId, Debt> debts = new HashMap<>();
  private final PriorityQueue<Debt> timers =
      new PriorityQueue<>(Comparator.comparingLong(debt -> debt.dueNanos));
  private List<EffectId> settled = new ArrayList<>();
  private List<EffectId> gone = new ArrayList<>();
  private ClientPorts ports;
  private int underWay;
  private long reportNanos;

  ClientDebts(ClusterLog log, Submitter submitter, ClientChannel channel, TimeSource time) {
    this.log = log;
    this.submitter = submitter;
    this.channel = channel;
    this.time = time;
    this.reportNanos = time.monotonicNanos();
  }

  /** Forgets everything: another leads, or did. */
  void clear() {
    debts.clear();
    timers.clear();
    settled.clear();
    gone.clear();
  }

  /**
   * A debt is there.
   *
   * @param arose true if it arose under this leader, so that nobody else can have paid it
   */
  void see(ClusterState state, Effect effect, boolean arose, long now) {
    if (debts.containsKey(effect.id())) {
      return;
    }
    long patience = Duration.ofSeconds(state.config().messageTimeoutSeconds()).toNanos();
    Debt debt = new Debt(effect.id(), arose, now, now + patience);
    debts.put(effect.id(), debt);
    timers.add(debt);
  }

  /** It is settled. */
  void forget(EffectId id) {
    Debt debt = debts.remove(id);
    if (debt != null) {
      timers.remove(debt);
    }
  }

  Set<EffectId> known() {
    return Set.copyOf(debts.keySet());
  }

  int owed() {
    return debts.size();
  }

  int underWay() {
    return underWay;
  }

  int work(ClusterState state, long now) {
    int done = 0;
    ports = null;
    while (!timers.isEmpty() && timers.peek().dueNanos - now <= 0 && underWay < MAX_UNDER_WAY) {
      Debt debt = timers.poll();
      Effect effect = state.effects().get(debt.id).orElse(null);
      if (effect != null && debts.get(debt.id) == debt) {
        pay(state, effect, debt);
        done++;
      }
    }
    return done + report();
  }

  private void pay(ClusterState state, Effect effect, Debt debt) {
    Job job = state.jobs().get(effect.jobId()).orElse(null);
    Release release = Release.of(effect.protocolVersion()).orElse(null);
    boolean grant = effect.kind() == EffectKind.GRANT_ALLOCATION;
    if (release == null || (grant && !isHeld(effect, job))) {
      settled.add(debt.id);
      return;
    }
    underWay++;
    boolean late = !debt.neverTaken || debt.tried;
    debt.tried = true;
    if (late && job != null && portsOf(state).isAnothers(effect.host(), effect.port(), job)) {
      told(
          debt, effect, new SendFailure(SendFailure.Reason.REFUSED, "another client has the port"));
      return;
    }
    channel.send(
        effect.host(),
        effect.port(),
        release,
        ClientMessages.of(state, effect, job, release),
        effect.userId(),
        grant,
        outcome -> submitter.post(() -> told(debt, effect, outcome)));
  }

  /** Gathered once for all debts that are due together. */
  private ClientPorts portsOf(ClusterState state) {
    if (ports == null) {
      ports = ClientPorts.of(state);
    }
    return ports;
  }

  private static boolean isHeld(Effect effect, Job job) {
    return job != null
        && job.restartCount() == effect.restartCount()
        && (JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job));
  }

  private void told(Debt debt, Effect effect, SendOutcome outcome) {
    underWay--;
    if (debts.get(debt.id) != debt) {
      return;
    }
    if (!(outcome instanceof SendFailure failure)) {
      settled.add(debt.id);
      return;
    }
    LOG.debug("{} of job {}: {}", effect.kind(), effect.jobId(), failure);
    boolean grant = effect.kind() == EffectKind.GRANT_ALLOCATION;
    boolean nobody = failure.reason() == SendFailure.Reason.REFUSED;
    debt.neverTaken &= nobody || !failure.reason().mayHaveArrived();
    boolean hopeless =
        failure.reason().mayHaveArrived()
            || failure.reason() == SendFailure.Reason.NOT_ENCODABLE
            // a client closes its port when it has the grant, and listens until then
            || (nobody && !(grant && debt.neverTaken));
    long now = time.monotonicNanos();
    if (!hopeless && debt.giveUpNanos - now > 0) {
      debt.dueNanos = now + AGAIN_NANOS;
      timers.add(debt);
    } else if (grant && nobody && debt.neverTaken) {
      LOG.warn("job {}: nobody waits for its allocation any more; ending it", effect.jobId());
      gone.add(debt.id);
    } else if (nobody && effect.kind() == EffectKind.CLIENT_STEP_MISSING) {
      LOG.warn(
          "job {}: {} does not know step {}, and its srun is gone",
          effect.jobId(),
          effect.text(),
          effect.stepId());
      gone.add(debt.id);
    } else {
      settled.add(debt.id);
    }
  }

  private int report() {
    boolean nothing = settled.isEmpty() && gone.isEmpty();
    if (nothing || time.monotonicNanos() - reportNanos < 0) {
      return 0;
    }
    ClientsTold command = ClientsTold.builder().time(log.now()).effects(settled).gone(gone).build();
    List<EffectId> paid = settled;
    List<EffectId> lost = gone;
    settled = new ArrayList<>();
    gone = new ArrayList<>();
    submitter.submit(
        command,
        committed -> {
          if (!committed) {
            reportNanos = time.monotonicNanos() + AGAIN_NANOS;
            paid.stream().filter(debts::containsKey).forEach(settled::add);
            lost.stream().filter(debts::containsKey).forEach(gone::add);
          }
        });
    return 1;
  }
}
