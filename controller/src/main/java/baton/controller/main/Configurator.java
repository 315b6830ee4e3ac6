package baton.controller.main;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.command.Configure;
import baton.controller.dispatch.NodeChannel;
import baton.controller.dispatch.NodeTargets;
import baton.controller.journal.ReplicatorLog;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Node;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import baton.controller.replication.Submission;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.type.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts slurm.conf in force: at a start, and when somebody asks for it.
 *
 * <p>A start is when nobody led before: who leads first after it takes its own slurm.conf over, as
 * slurmctld does at its start. Who only takes the lead over from another leaves in force what is,
 * for a failover is not a restart. When another member puts a new configuration in force, the files
 * here are read again. Thread-safe; work is done on the background thread.
 */
final class Configurator implements StateFollower<ClusterState, Delta> {
  private static final Logger LOG = LoggerFactory.getLogger(Configurator.class);
  private static final Duration COMMIT_WITHIN = Duration.ofMinutes(1);

  private final LoadedConfiguration configuration;
  private final ReplicatorLog log;
  private final ExecutorService background;
  private final NodeTargets targets;
  private volatile NodeChannel channel;
  private volatile boolean inForce;
  private volatile boolean othersLed;

  /** The configuration is on its way into the log; guarded by this. */
  private boolean committing;

  Configurator(
      LoadedConfiguration configuration,
      ReplicatorLog log,
      NodeTargets targets,
      ExecutorService background) {
    this.configuration = configuration;
    this.log = log;
    this.targets = targets;
    this.background = background;
  }

  /** Nodes can be told of a reconfiguration from now on. */
  void tellThrough(NodeChannel nodes) {
    channel = nodes;
  }

  /** Whether the state has a configuration to serve with. */
  boolean isInForce() {
    boolean others = othersLed || !log.isLeader();
    return inForce || (others && log.state().facts().bootTime() != null);
  }

  /** Another member leads: what it has put in force stays so when this one leads. */
  void otherLeads() {
    othersLed = true;
  }

  @Override
  public void loaded(StateAt<ClusterState> current) {}

  @Override
  public void changed(StateAt<ClusterState> current, List<Delta> deltas) {
    if (!log.isLeader() && deltas.stream().anyMatch(Delta::config)) {
      background.execute(this::reloadAsOthersDid);
    }
  }

  private void reloadAsOthersDid() {
    if (log.state().config().equals(configuration.config())) {
      return;
    }
    try {
      configuration.reload();
      if (!log.state().config().equals(configuration.config())) {
        LOG.warn("slurm.conf here is not what another controller has put in force");
      }
    } catch (StartRefused e) {
      LOG.error("slurm.conf here is not taken over: {}", e.getMessage());
    }
  }

  @Override
  public void leading(long term) {
    look();
  }

  /** Puts the configuration in force if it is for this member to do so now. */
  synchronized void look() {
    if (!log.isLeader() || inForce || committing) {
      return;
    }
    if (othersLed && log.state().facts().bootTime() != null) {
      inForce = true;
      if (!log.state().config().equals(configuration.config())) {
        LOG.warn("slurm.conf here is not what is in force: scontrol reconfigure takes it over");
      }
      return;
    }
    committing = true;
    background.execute(this::start);
  }

  private void start() {
    boolean committed = commit(true, false);
    synchronized (this) {
      committing = false;
      // should the lead have been lost meanwhile, its successor does it
      inForce = committed;
    }
  }

  /** Reads slurm.conf again, as SIGHUP and {@code scontrol reconfigure} ask for. */
  CompletionStage<SlurmError> reconfigure() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            configuration.reload();
            if (!commit(false, true)) {
              return SlurmError.SLURM_ERROR;
            }
            tellNodes();
            return SlurmError.SLURM_SUCCESS;
          } catch (StartRefused e) {
            LOG.error("slurm.conf is not taken over: {}", e.getMessage());
            return SlurmError.SLURM_ERROR;
          }
        },
        background);
  }

  private boolean commit(boolean start, boolean anyLeader) {
    ClusterConfig config = configuration.config();
    Configure command = Configure.builder().time(log.now()).config(config).start(start).build();
    CompletionStage<Submission<Reply>> submitted =
        anyLeader
            ? log.propose(command, configuration.conf().messageTimeout())
            : log.submit(command);
    try {
      return submitted.toCompletableFuture().get(COMMIT_WITHIN.toSeconds(), TimeUnit.SECONDS)
          instanceof Submission.Committed<Reply>;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      LOG.error("the configuration is not committed", e);
      return false;
    }
  }

  /** Lets every slurmd read its configuration again, or sends it to those that have no files. */
  private void tellNodes() {
    ClusterState state = log.state();
    boolean configless = configuration.conf().hasSlurmctldParameter("enable_configless");
    Map<Release, List<NodeTarget>> byRelease = new EnumMap<>(Release.class);
    for (Node node : state.nodes().values()) {
      if (!node.registration().isEmpty()) {
        targets
            .target(state, node.name())
            .ifPresent(
                target ->
                    byRelease
                        .computeIfAbsent(target.release(), release -> new ArrayList<>())
                        .add(target));
      }
    }
    byRelease.forEach(
        (release, nodes) ->
            channel.sendToAll(
                nodes,
                configless
                    ? new Message(
                        MessageType.REQUEST_RECONFIGURE_WITH_CONFIG,
                        configuration.files(release, true))
                    : Message.empty(MessageType.REQUEST_RECONFIGURE),
                (node, outcome) -> LOG.debug("reconfigure of {}: {}", node.name(), outcome)));
  }
}
