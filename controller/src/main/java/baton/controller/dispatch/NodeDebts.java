package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.controller.command.EffectAnswered;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.LaunchState;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import baton.protocol.message.Identity;
import baton.protocol.message.MessageType;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.Reply;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pays all debts but launches: sends each until its nodes have answered, kills until their epilogs
 * are over. Any of these may arrive twice without harm. For the dispatcher's thread alone.
 */
final class NodeDebts {
  /** They end a job on its nodes, and are repeated until its epilog is told. */
  private static final Set<EffectKind> KILLS =
      EnumSet.of(EffectKind.TERMINATE_JOB, EffectKind.KILL_TIME_LIMIT, EffectKind.KILL_PREEMPTED);

  /** A node that is busy with the job answers that they are to be asked again. */
  private static final Set<EffectKind> ASKED_AGAIN =
      EnumSet.of(EffectKind.SIGNAL_JOB, EffectKind.SUSPEND_JOB, EffectKind.RESUME_JOB);

  /** They must not overtake the launch of their job. */
  private static final Set<EffectKind> AFTER_LAUNCH =
      EnumSet.of(
          EffectKind.SIGNAL_JOB,
          EffectKind.SUSPEND_JOB,
          EffectKind.RESUME_JOB,
          EffectKind.NOTIFY_JOB);

  /** They are about one run of a job, and void once it is over. */
  private static final Set<EffectKind> OF_A_RUN =
      EnumSet.of(
          EffectKind.SIGNAL_JOB,
          EffectKind.SUSPEND_JOB,
          EffectKind.RESUME_JOB,
          EffectKind.NOTIFY_JOB,
          EffectKind.LAUNCH_PROLOG,
          EffectKind.KILL_STEP_TIME_LIMIT,
          EffectKind.TERMINATE_STEP);

  private static final Logger LOG = LoggerFactory.getLogger(NodeDebts.class);
  private static final int MAX_UNDER_WAY = 512;
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_BACK_OFF_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long ABORT_AGAIN_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long NEVER = Long.MAX_VALUE;

  /** What one node owes of a debt. */
  private static final class Share {
    private boolean underWay;
    private boolean heard;
    private long dueNanos;
    private int failures;

    /** Of what was to be aborted, once the node has answered that it will be. */
    private Absence aborted;

    /** When the node is to be told again, and when it has had its time. */
    private long againNanos;

    private long patienceNanos;
  }

  /** One debt. */
  private static final class Debt {
    private final EffectId id;
    private final Map<NodeName, Share> shares = new HashMap<>();
    private long dueNanos;

    Debt(EffectId id) {
      this.id = id;
    }
  }

  /** Nodes with the same answer to the same debt, told in one entry. */
  private record Answer(EffectId id, long code) {}

  private final ClusterLog log;
  private final Submitter submitter;
  private final NodeChannel channel;
  private final NodeTargets targets;
  private final IdentitySource identities;
  private final TimeSource time;
  private final Consumer<NodeName> askNode;
  private final Map<EffectId, Debt> debts = new HashMap<>();
  private final PriorityQueue<Debt> timers =
      new PriorityQueue<>(Comparator.comparingLong(debt -> debt.dueNanos));
  private final Map<Answer, List<NodeName>> answers = new HashMap<>();
  private int underWay;

  NodeDebts(
      ClusterLog log,
      Submitter submitter,
      NodeChannel channel,
      NodeTargets targets,
      IdentitySource identities,
      TimeSource time,
      Consumer<NodeName> askNode) {
    this.log = log;
    this.submitter = submitter;
    this.channel = channel;
    this.targets = targets;
    this.identities = identities;
    this.time = time;
    this.askNode = askNode;
  }

  /** Forgets everything: another leads, or did. */
  void clear() {
    debts.clear();
    timers.clear();
    answers.clear();
  }

  /** A debt is there, perhaps with fewer nodes than before. */
  void see(Effect effect, long now) {
    Debt debt = debts.computeIfAbsent(effect.id(), Debt::new);
    debt.shares.keySet().retainAll(effect.nodes());
    for (NodeName node : effect.nodes()) {
      debt.shares.computeIfAbsent(
          node,
          name -> {
            Share share = new Share();
            share.dueNanos = now;
            return share;
          });
    }
    schedule(debt);
  }

  /** A node was heard: what it could not be told before, it is told now. */
  void heard(NodeName node, long now) {
    for (Debt debt : debts.values()) {
      Share share = debt.shares.get(node);
      if (share != null && !share.underWay && share.failures > 0) {
        share.dueNanos = now;
        schedule(debt);
      }
    }
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
    while (!timers.isEmpty() && timers.peek().dueNanos - now <= 0 && underWay < MAX_UNDER_WAY) {
      Debt debt = timers.poll();
      Effect effect = state.effects().get(debt.id).orElse(null);
      if (effect != null) {
        pay(state, effect, debt, now);
        schedule(debt);
        done++;
      }
    }
    return done + tellAnswers();
  }

  private void pay(ClusterState state, Effect effect, Debt debt, long now) {
    List<NodeName> due = new ArrayList<>();
    debt.shares.forEach(
        (node, share) -> {
          if (!share.underWay && share.dueNanos - now <= 0) {
            due.add(node);
          }
        });
    Job job = state.jobs().get(effect.jobId()).orElse(null);
    if (isVoid(effect, job)) {
      due.forEach(node -> answered(debt, node, 0));
      return;
    }
    if (isEarly(effect, job)) {
      due.forEach(node -> debt.shares.get(node).dueNanos = now + AGAIN_NANOS);
      return;
    }
    due.removeIf(node -> isAborting(state, debt, node, now));
    List<NodeTarget> reachable = new ArrayList<>();
    boolean heard = true;
    for (NodeName node : due) {
      Share share = debt.shares.get(node);
      NodeTarget target = targets.target(state, node).orElse(null);
      if (target == null) {
        backOff(share, now);
      } else {
        share.underWay = true;
        heard &= share.heard;
        reachable.add(target);
      }
    }
    if (!reachable.isEmpty()) {
      Message message = message(state, effect, job, lowest(reachable), heard);
      underWay += reachable.size();
      channel.sendToAll(
          reachable,
          message,
          (node, outcome) -> submitter.post(() -> told(debt, node, message, outcome)));
    }
  }

  /**
   * slurmd answers an abort before it obeys. New work is kept away from the node until it says that
   * the job is gone, but not for ever: what cannot be killed is the node's trouble, which its
   * slurmstepd reports.
   */
  private boolean isAborting(ClusterState state, Debt debt, NodeName node, long now) {
    Share share = debt.shares.get(node);
    if (share.aborted == null) {
      return false;
    }
    if (share.aborted.isTold(state, now) || share.patienceNanos - now <= 0) {
      answered(debt, node, 0);
      return true;
    }
    if (share.againNanos - now <= 0) {
      share.aborted = null;
      return false;
    }
    share.dueNanos = now + Absence.LOOK_NANOS;
    return true;
  }

  /** True when what is owed has lost its object. */
  private static boolean isVoid(Effect effect, Job job) {
    if (KILLS.contains(effect.kind())) {
      return job == null || job.allocation().isEmpty();
    }
    return OF_A_RUN.contains(effect.kind())
        && (job == null
            || job.restartCount() != effect.restartCount()
            || !(JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job)));
  }

  /** True for what must not overtake the launch of its job. */
  private static boolean isEarly(Effect effect, Job job) {
    return AFTER_LAUNCH.contains(effect.kind())
        && (job.launchState() == LaunchState.OWED || job.launchState() == LaunchState.SENDING);
  }

  /** One message goes to all: what differs by release is told in the lowest of them. */
  private static Release lowest(List<NodeTarget> nodes) {
    return nodes.stream().map(NodeTarget::release).min(Comparator.naturalOrder()).orElseThrow();
  }

  private Message message(
      ClusterState state, Effect effect, Job job, Release release, boolean heard) {
    return switch (effect.kind()) {
      case LAUNCH_BATCH, RUN_PROLOG, RUN_EPILOG, SEND_MAIL ->
          throw new IllegalStateException(effect.kind() + " is not paid here");
      case LAUNCH_PROLOG -> NodeMessages.prologLaunch(state, job, identity(job), release);
      case TERMINATE_JOB, KILL_TIME_LIMIT, KILL_PREEMPTED -> {
        // the notice is given once; after that it is the end of the job that is owed
        EffectKind kind = heard ? EffectKind.TERMINATE_JOB : effect.kind();
        yield NodeMessages.kill(state, effect, job, identity(job), release, kind);
      }
      case ABORT_JOB -> NodeMessages.abort(state, effect);
      case SIGNAL_JOB -> NodeMessages.signal(effect, state.config().maxStepCount());
      case SUSPEND_JOB, RESUME_JOB -> NodeMessages.suspend(effect, job);
      case NOTIFY_JOB -> NodeMessages.notice(effect);
      case RECONFIGURE -> Message.empty(MessageType.REQUEST_RECONFIGURE);
      case REBOOT -> NodeMessages.reboot(effect);
      case REGISTER -> Message.empty(MessageType.REQUEST_NODE_REGISTRATION_STATUS);
      case TERMINATE_STEP -> NodeMessages.signal(effect, state.config().maxStepCount());
      case KILL_STEP_TIME_LIMIT -> NodeMessages.stepTimeLimit(state, effect, job);
      case GRANT_ALLOCATION,
          CLIENT_JOB_COMPLETE,
          CLIENT_TIMEOUT,
          CLIENT_NODE_FAIL,
          CLIENT_MESSAGE,
          CLIENT_SUSPEND,
          CLIENT_RESUME,
          CLIENT_STEP_SIGNAL,
          CLIENT_STEP_MISSING ->
          throw new IllegalStateException("clients are told elsewhere");
    };
  }

  private Identity identity(Job job) {
    return identities.of(job.request());
  }

  private void told(Debt debt, NodeTarget target, Message message, SendOutcome outcome) {
    underWay--;
    NodeName node = NodeName.of(target.name());
    Share share = debt.shares.get(node);
    if (debts.get(debt.id) != debt || share == null) {
      return;
    }
    long now = time.monotonicNanos();
    share.underWay = false;
    if (outcome instanceof Reply reply) {
      share.failures = 0;
      replied(debt, node, share, reply.returnCode().orElse(0), now);
    } else {
      LOG.debug("{} to {}: {}", message.type(), node, outcome);
      backOff(share, now);
    }
    schedule(debt);
  }

  private void replied(Debt debt, NodeName node, Share share, long code, long now) {
    ClusterState state = log.state();
    Effect effect = state.effects().get(debt.id).orElse(null);
    if (effect == null) {
      return;
    }
    if (KILLS.contains(effect.kind())) {
      share.heard = true;
      if (code == SlurmError.ESLURMD_KILL_JOB_ALREADY_COMPLETE.wireNumber()) {
        answered(debt, node, code);
      } else {
        share.dueNanos = now + killInterval(state.config()).toNanos();
      }
    } else if (effect.kind() == EffectKind.ABORT_JOB) {
      share.aborted = Absence.ofJob(effect.jobId(), node, askNode);
      share.againNanos = now + ABORT_AGAIN_NANOS;
      share.patienceNanos = share.patienceNanos == 0 ? now + PATIENCE_NANOS : share.patienceNanos;
      share.aborted.isTold(state, now);
      share.dueNanos = now + Absence.LOOK_NANOS;
    } else if (ASKED_AGAIN.contains(effect.kind())
        && code == SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE.wireNumber()) {
      share.dueNanos = now + AGAIN_NANOS;
    } else {
      answered(debt, node, code);
    }
  }

  /** How long slurmctld waits for an epilog before it says it again. */
  private static Duration killInterval(ClusterConfig config) {
    return Duration.ofSeconds(config.killWaitSeconds() + 2L * config.messageTimeoutSeconds());
  }

  private void answered(Debt debt, NodeName node, long code) {
    Share share = debt.shares.get(node);
    share.underWay = true;
    answers.computeIfAbsent(new Answer(debt.id, code), key -> new ArrayList<>()).add(node);
  }

  private int tellAnswers() {
    int count = answers.size();
    answers.forEach(
        (answer, nodes) -> {
          EffectAnswered command =
              EffectAnswered.builder()
                  .time(log.now())
                  .effectId(answer.id())
                  .nodes(nodes)
                  .returnCode(answer.code())
                  .build();
          submitter.submit(command, committed -> told(answer, nodes, committed));
        });
    answers.clear();
    return count;
  }

  /** Committed, and the change is on its way; or not, and it is to be said again. */
  private void told(Answer answer, List<NodeName> nodes, boolean committed) {
    Debt debt = debts.get(answer.id());
    if (debt == null || committed) {
      return;
    }
    long now = time.monotonicNanos();
    for (NodeName node : nodes) {
      Share share = debt.shares.get(node);
      if (share != null) {
        share.underWay = false;
        backOff(share, now);
      }
    }
    schedule(debt);
  }

  private static void backOff(Share share, long now) {
    long wait = AGAIN_NANOS << Math.min(share.failures, 8);
    share.failures++;
    share.dueNanos = now + Math.min(wait, LONGEST_BACK_OFF_NANOS);
  }

  /** Puts a debt where its next node is due. */
  private void schedule(Debt debt) {
    timers.remove(debt);
    long due = NEVER;
    for (Share share : debt.shares.values()) {
      if (!share.underWay) {
        due = Math.min(due, share.dueNanos);
      }
    }
    if (due != NEVER && debts.get(debt.id) == debt) {
      debt.dueNanos = due;
      timers.add(debt);
    }
  }
}
