package baton.controller.dispatch;

import baton.controller.apply.Delta;
import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.fault.FaultHandler;
import baton.controller.journal.ClusterLog;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.NodeName;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends what the state owes to nodes and to waiting clients, on the leader alone. It holds nothing
 * that a new leader would need: what it must know stands in the state (decision 6).
 *
 * <p>As a follower of the state it learns which debts changed; its work is done on its own thread.
 */
public final class Dispatcher implements Agent, StateFollower<ClusterState, Delta> {
  private final ClusterLog log;
  private final TimeSource time;
  private final Doorbell doorbell;
  private final Submitter submitter;
  private final Launches launches;
  private final NodeDebts debts;
  private final ClientDebts clients;
  private final ScriptDebts scripts;
  private volatile int owed;
  private volatile int underWay;
  private boolean leading;
  private boolean loaded;

  // guarded by this
  private Set<EffectId> changed = new HashSet<>();
  // nodes that were heard while they are owed a fence; guarded by this
  private Set<NodeName> heard = new HashSet<>();
  // guarded by this
  private boolean all = true;

  /**
   * @param askNode asks a node to register soon; called on this agent's thread
   */
  public Dispatcher(
      ClusterLog log,
      NodeChannel channel,
      ClientChannel clientChannel,
      NodeTargets targets,
      IdentitySource identities,
      ScriptRunner runner,
      TimeSource time,
      Doorbell doorbell,
      Consumer<NodeName> askNode,
      FaultHandler faults) {
    this.log = log;
    this.time = time;
    this.doorbell = doorbell;
    this.submitter = new Submitter(log, doorbell);
    Fence fence = new Fence(() -> log.isLeader() && log.mayAct(doorbell::ring));
    NodeChannel nodes = fence.before(channel);
    this.launches = new Launches(log, submitter, nodes, targets, identities, time, askNode, faults);
    this.debts = new NodeDebts(log, submitter, nodes, targets, identities, time, askNode);
    this.clients = new ClientDebts(log, submitter, fence.before(clientChannel), time);
    this.scripts = new ScriptDebts(log, submitter, runner, time);
  }

  @Override
  public String roleName() {
    return "dispatcher";
  }

  @Override
  public int doWork() {
    int done = submitter.takeUp();
    if (log.isLeader() != leading) {
      leading = !leading;
      loaded = false;
      launches.clear();
      debts.clear();
      clients.clear();
      scripts.clear();
    }
    // a process that was stopped may have been deposed meanwhile: it asks before it sends
    if (!leading || !log.mayAct(doorbell::ring)) {
      return done;
    }
    long now = time.monotonicNanos();
    ClusterState state = look(now);
    done += launches.work(state, now);
    done += debts.work(state, now);
    done += clients.work(state, now);
    done += scripts.work(state, now);
    owed = launches.owed() + debts.owed() + clients.owed() + scripts.owed();
    underWay = launches.underWay() + debts.underWay() + clients.underWay();
    return done;
  }

  /** Takes up which debts came, changed or went. */
  private ClusterState look(long now) {
    Set<EffectId> toSee;
    Set<NodeName> back;
    boolean everything;
    synchronized (this) {
      back = heard;
      heard = new HashSet<>();
      toSee = changed;
      changed = new HashSet<>();
      everything = all || !loaded;
      all = false;
    }
    loaded = true;
    // read after the changes were taken, so that it holds them
    ClusterState state = log.state();
    if (everything) {
      toSee = new HashSet<>(state.effects().keys());
      toSee.addAll(launches.known());
      toSee.addAll(debts.known());
      toSee.addAll(clients.known());
      toSee.addAll(scripts.known());
    }
    for (EffectId id : toSee) {
      Effect effect = state.effects().get(id).orElse(null);
      if (effect == null) {
        launches.forget(id);
        debts.forget(id);
        clients.forget(id);
      } else if (effect.kind() == EffectKind.LAUNCH_BATCH) {
        launches.see(state, effect, now);
      } else if (effect.kind().isToClient()) {
        clients.see(state, effect, !everything, now);
        scripts.forget(id);
      } else if (ScriptDebts.pays(effect.kind())) {
        scripts.see(id);
      } else {
        debts.see(effect, now);
      }
    }
    back.forEach(node -> debts.heard(node, now));
    return state;
  }

  /** Debts that this leader works on; a gauge. */
  public int owed() {
    return owed;
  }

  /** Messages that were sent and not answered; a gauge. */
  public int underWay() {
    return underWay;
  }

  @Override
  public void loaded(StateAt<ClusterState> current) {
    synchronized (this) {
      all = true;
    }
    doorbell.ring();
  }

  @Override
  public void changed(StateAt<ClusterState> current, List<Delta> deltas) {
    boolean any = false;
    synchronized (this) {
      for (Delta delta : deltas) {
        any |= !delta.effects().isEmpty();
        changed.addAll(delta.effects());
        for (NodeName node : delta.nodes()) {
          any |= current.state().isFenced(node) && heard.add(node);
        }
      }
    }
    if (any) {
      doorbell.ring();
    }
  }

  @Override
  public void leading(long term) {
    doorbell.ring();
  }

  @Override
  public void notLeading() {
    doorbell.ring();
  }
}
