package baton.controller.dispatch;

import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.command.NodeResponse;
import baton.controller.command.NodeSilence;
import baton.controller.command.NodesResponded;
import baton.controller.command.NodesSilent;
import baton.controller.conf.HealthCheck;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Holding;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.controller.model.Step;
import baton.protocol.message.MessageType;
import baton.protocol.message.PingSlurmdResponse;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.Reply;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the nodes in view, on the leader: asks those to register of whom nothing is known, and
 * pings those that were not heard for a third of SlurmdTimeout, as slurmctld does. What is seen
 * becomes commands, one for many nodes.
 */
public final class NodeWatch implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);
  private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_BACK_OFF_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int ROUNDS_TO_REGISTRATION = 20;
  private static final long NOT_TO_BE_ASKED =
      NodeFlag.POWERED_DOWN
          | NodeFlag.POWERING_DOWN
          | NodeFlag.POWERING_UP
          | NodeFlag.REBOOT_ISSUED;

  /** What is known of one node beside the state. */
  private static final class Sight {
    private boolean underWay;
    private long askNanos;
    private long pingNanos;
    private int failures;
    private int pings;
  }

  private final ClusterLog log;
  private final NodeChannel channel;
  private final NodeTargets targets;
  private final TimeSource time;
  private final Supplier<HealthCheck> healthCheck;
  private final Doorbell doorbell;
  private final Submitter submitter;
  private final Map<NodeName, Sight> sights = new HashMap<>();
  private final Set<NodeName> asked = ConcurrentHashMap.newKeySet();
  private final Map<NodeName, Long> later = new ConcurrentHashMap<>();
  private final List<NodeResponse> responded = new ArrayList<>();
  private final List<NodeSilence> silent = new ArrayList<>();
  private boolean leading;
  private long roundNanos;
  private long healthNanos;

  /**
   * @param healthCheck asked for each round, since a reconfiguration changes it
   */
  public NodeWatch(
      ClusterLog log,
      NodeChannel channel,
      NodeTargets targets,
      Supplier<HealthCheck> healthCheck,
      TimeSource time,
      Doorbell doorbell) {
    this.log = log;
    this.channel = channel;
    this.targets = targets;
    this.healthCheck = healthCheck;
    this.time = time;
    this.doorbell = doorbell;
    this.submitter = new Submitter(log, doorbell);
    this.roundNanos = time.monotonicNanos();
    this.healthNanos = time.monotonicNanos();
  }

  /** Asks a node to register soon, whatever is known of it. Any thread. */
  public void ask(NodeName node) {
    if (asked.add(node)) {
      doorbell.ring();
    }
  }

  /** As {@link #ask}, after a while. Any thread. */
  public void askLater(NodeName node, Duration wait) {
    later.put(node, time.monotonicNanos() + wait.toNanos());
  }

  @Override
  public String roleName() {
    return "node-watch";
  }

  @Override
  public int doWork() {
    int done = submitter.takeUp();
    if (log.isLeader() != leading) {
      leading = !leading;
      sights.clear();
      later.clear();
      if (leading) {
        lookForSteps();
      }
    }
    long now = time.monotonicNanos();
    if (!leading) {
      takeUpLater(now);
      askOnly();
      return done;
    }
    done += tell();
    if (now - roundNanos >= 0 || !asked.isEmpty()) {
      round(now);
      roundNanos = now + ROUND_NANOS;
    }
    return done;
  }

  /**
   * The steps that are there now must be in what their nodes say after a while; a step whose srun
   * never had the answer is not.
   */
  private void lookForSteps() {
    ClusterState state = log.state();
    ClusterConfig config = state.config();
    int grace = config.batchStartTimeoutSeconds() + Math.min(10, config.messageTimeoutSeconds());
    for (Step step : state.steps().values()) {
      step.shares().forEach(share -> askLater(share.node(), Duration.ofSeconds(grace + 1L)));
    }
  }

  private void takeUpLater(long now) {
    later.forEach(
        (node, due) -> {
          if (due - now <= 0 && later.remove(node, due)) {
            asked.add(node);
          }
        });
  }

  /** Who was told something here of a node may ask it, wherever it then registers. */
  private void askOnly() {
    if (asked.isEmpty()) {
      return;
    }
    ClusterState state = log.state();
    List<NodeTarget> nodes = new ArrayList<>();
    Set<NodeName> wanted = new HashSet<>(asked);
    asked.removeAll(wanted);
    wanted.forEach(node -> targets.target(state, node).ifPresent(nodes::add));
    send(MessageType.REQUEST_NODE_REGISTRATION_STATUS, nodes);
  }

  private void round(long now) {
    ClusterState state = log.state();
    takeUpLater(now);
    checkHealth(state, now);
    Set<NodeName> wanted = new HashSet<>(asked);
    asked.removeAll(wanted);
    long pingInterval =
        Duration.ofSeconds(Math.max(1, state.config().slurmdTimeoutSeconds() / 3)).toNanos();
    List<NodeTarget> register = new ArrayList<>();
    List<NodeTarget> ping = new ArrayList<>();
    for (Node node : state.nodes().values()) {
      if (node.baseState() == NodeState.FUTURE || NodeLifecycle.has(node, NOT_TO_BE_ASKED)) {
        continue;
      }
      Sight sight = sights.computeIfAbsent(node.name(), name -> newSight(now, pingInterval));
      if (sight.underWay) {
        continue;
      }
      boolean owed = node.registrationOwed() || node.baseState() == NodeState.UNKNOWN;
      if (wanted.contains(node.name()) || (owed && sight.askNanos - now <= 0)) {
        add(state, node, sight, register);
      } else if (NodeLifecycle.has(node, NodeFlag.NO_RESPOND) && sight.askNanos - now <= 0) {
        // sooner than the others: it may have been starting
        add(state, node, sight, ping);
      } else if (state.config().slurmdTimeoutSeconds() > 0 && sight.pingNanos - now <= 0) {
        sight.pings++;
        boolean again = sight.pings % ROUNDS_TO_REGISTRATION == 0;
        add(state, node, sight, again ? register : ping);
        sight.pingNanos = now + pingInterval;
      }
    }
    send(MessageType.REQUEST_NODE_REGISTRATION_STATUS, register);
    send(MessageType.REQUEST_PING, ping);
  }

  /**
   * Lets nodes run HealthCheckProgram; what it finds it does itself, so the answer says nothing.
   */
  private void checkHealth(ClusterState state, long now) {
    HealthCheck check = healthCheck.get();
    if (check.program() == null || check.interval().isZero() || healthNanos - now > 0) {
      return;
    }
    healthNanos = now + check.interval().toNanos();
    List<NodeTarget> nodes = new ArrayList<>();
    for (Node node : state.nodes().values()) {
      boolean alive =
          !node.registration().isEmpty()
              && !NodeLifecycle.has(node, NodeFlag.NO_RESPOND | NOT_TO_BE_ASKED);
      if (alive && isChecked(check.nodes(), state, node)) {
        targets.target(state, node.name()).ifPresent(nodes::add);
      }
    }
    if (!nodes.isEmpty()) {
      channel.sendToAll(
          nodes,
          Message.empty(MessageType.REQUEST_HEALTH_CHECK),
          (node, outcome) -> LOG.debug("health check of {}: {}", node.name(), outcome));
    }
  }

  private static boolean isChecked(Set<HealthCheck.Word> words, ClusterState state, Node node) {
    if (words.contains(HealthCheck.Word.ANY)) {
      return true;
    }
    int held = 0;
    for (Holding holding : state.holdingsOn(node.name())) {
      held += holding.share().cpuCount();
    }
    if (held == 0) {
      boolean drained = NodeLifecycle.has(node, NodeFlag.DRAIN);
      return words.contains(HealthCheck.Word.IDLE)
          || (words.contains(HealthCheck.Word.NONDRAINED_IDLE) && !drained);
    }
    return words.contains(
        held < node.definition().cpus() ? HealthCheck.Word.MIXED : HealthCheck.Word.ALLOC);
  }

  private static Sight newSight(long now, long pingInterval) {
    Sight sight = new Sight();
    sight.askNanos = now;
    sight.pingNanos = now + pingInterval;
    return sight;
  }

  private void add(ClusterState state, Node node, Sight sight, List<NodeTarget> to) {
    Release release = NodeTargets.release(state, node.name());
    if (node.registration().isEmpty() && sight.failures > 0) {
      // it may speak an older or a newer release than this controller stands in for
      List<Release> all = List.of(Release.values());
      release = all.get((all.indexOf(release) + sight.failures) % all.size());
    }
    NodeTarget target = targets.target(state, node.name(), release).orElse(null);
    if (target == null) {
      failed(node.name(), sight, log.now());
    } else {
      sight.underWay = true;
      to.add(target);
    }
  }

  private void send(MessageType type, List<NodeTarget> nodes) {
    if (!nodes.isEmpty()) {
      LOG.debug("{} to {} nodes", type, nodes.size());
      Instant asked = log.now();
      channel.sendToAll(
          nodes,
          Message.empty(type),
          (node, outcome) -> submitter.post(() -> told(NodeName.of(node.name()), outcome, asked)));
    }
  }

  private void told(NodeName name, SendOutcome outcome, Instant asked) {
    Sight sight = sights.get(name);
    if (sight == null) {
      return;
    }
    sight.underWay = false;
    if (!(outcome instanceof Reply reply)) {
      LOG.debug("{}: {}", name, outcome);
      failed(name, sight, asked);
      return;
    }
    long now = time.monotonicNanos();
    sight.failures = 0;
    // the registration that was asked for comes on a connection of its own
    sight.askNanos = now + Duration.ofSeconds(5).toNanos();
    NodeResponse.Builder response = NodeResponse.builder().node(name);
    if (reply.body() instanceof PingSlurmdResponse ping) {
      response.cpuLoad(ping.cpuLoad()).freeMemoryMiB(ping.freeMemoryMib());
    }
    responded.add(response.build());
  }

  private void failed(NodeName name, Sight sight, Instant asked) {
    long wait = ROUND_NANOS << Math.min(sight.failures, 5);
    sight.failures++;
    sight.askNanos = time.monotonicNanos() + Math.min(wait, LONGEST_BACK_OFF_NANOS);
    silent.add(NodeSilence.builder().node(name).askedTime(asked).build());
  }

  /** Tells the log what was seen since the last time. */
  private int tell() {
    int count = responded.size() + silent.size();
    if (!responded.isEmpty()) {
      NodesResponded command =
          NodesResponded.builder().time(log.now()).nodes(List.copyOf(responded)).build();
      submitter.submit(command, committed -> {});
      responded.clear();
    }
    ClusterState state = log.state();
    silent.removeIf(
        silence ->
            state
                .nodes()
                .get(silence.node())
                .filter(node -> !NodeLifecycle.has(node, NodeFlag.NO_RESPOND))
                .isEmpty());
    if (!silent.isEmpty()) {
      NodesSilent command =
          NodesSilent.builder().time(log.now()).nodes(List.copyOf(silent)).build();
      submitter.submit(command, committed -> {});
      silent.clear();
    }
    return count;
  }
}
