package baton.controller.rpc;

import baton.controller.apply.Outcome;
import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.command.Configure;
import baton.controller.command.NodeRegistered;
import baton.controller.dispatch.StepCredentials;
import baton.controller.journal.ClusterLog;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.replication.Submission;
import baton.controller.rpc.node.NodeHandlers;
import baton.controller.scheduler.SchedulingFigures;
import baton.controller.snapshot.LogPosition;
import baton.protocol.auth.Caller;
import baton.protocol.error.SlurmError;
import baton.protocol.message.ClusterConfiguration;
import baton.protocol.message.ConfigResponse;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.Gid;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All handlers over a state of two nodes and one partition, without network, disk or threads. */
final class AskedController implements ClusterLog {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private static final long WITHIN_SECONDS = 20;

  private final HandlerTable table;
  private final StatisticsReads statistics;
  private ClusterState state = ClusterState.empty();
  private long index;

  AskedController() {
    this(Optional.empty());
  }

  /**
   * @param leader answers what this one passes on; without it this one leads
   */
  AskedController(Optional<AskedController> leader) {
    apply(Configure.builder().time(START).config(config()).start(true).build());
    for (NodeName node : List.copyOf(state.order().names())) {
      NodeRegistration said =
          NodeRegistration.builder().node(node).cpus(4).sockets(1).coresPerSocket(4).build();
      apply(NodeRegistered.builder().time(START).registration(said).build());
    }
    HandlerTable.Builder builder = HandlerTable.builder();
    new NodeHandlers(this, Uid.ROOT, () -> Duration.ZERO).register(builder);
    RpcContext context =
        new RpcContext(
            command -> CompletableFuture.completedStage(apply(command)),
            () -> state,
            id -> Optional.empty(),
            new Files(),
            new Nothing(leader),
            new Nobody(),
            TimeSource.system());
    new ClientHandlers(context).register(builder);
    statistics = new StatisticsReads(context, builder.counters());
    statistics.register(builder);
    StepCredentials credentials =
        new StepCredentials(
            (user, group) -> baton.protocol.message.Identity.DEFAULT,
            bytes -> CompletableFuture.completedStage(Optional.empty()),
            Runnable::run);
    new StepRequests(context, credentials).register(builder);
    table = builder.build(Gate.OPEN);
  }

  HandlerTable table() {
    return table;
  }

  /** The answer; fails if there is none soon. */
  Answer ask(Release release, MessageType type, Object body, long uid) {
    Request request =
        new Request(
            release,
            type,
            body,
            new Caller(Uid.of(uid), Gid.of(uid), Optional.empty()),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
            Optional.empty(),
            0);
    try {
      return table.handle(request).toCompletableFuture().get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(type + " of " + release + " is not answered", e);
    } catch (ExecutionException e) {
      throw new AssertionError(type + " of " + release + " is not answered", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static ClusterConfig config() {
    List<NodeName> names = List.of(NodeName.of("n1"), NodeName.of("n2"));
    List<NodeDefinition> nodes =
        names.stream()
            .map(name -> NodeDefinition.builder().name(name).cpus(4).coresPerSocket(4).build())
            .toList();
    Partition main =
        Partition.builder().name(PartitionName.of("main")).members(names).flags(1).build();
    return ClusterConfig.builder()
        .clusterName("test")
        .release("22.05")
        .nodes(nodes)
        .partitions(List.of(main))
        .build();
  }

  private Reply apply(Command command) {
    Outcome outcome = StateMachine.apply(state, command);
    state = outcome.next();
    index++;
    return outcome.reply();
  }

  @Override
  public CompletionStage<Submission<Reply>> submit(Command command) {
    Reply reply = apply(command);
    return CompletableFuture.completedStage(
        new Submission.Committed<>(new LogPosition(1, index), reply));
  }

  @Override
  public ClusterState state() {
    return state;
  }

  @Override
  public boolean isLeader() {
    return true;
  }

  @Override
  public CompletionStage<Submission<Reply>> propose(Command command, Duration patience) {
    return submit(command);
  }

  @Override
  public boolean mayAct(Runnable then) {
    return isLeader();
  }

  @Override
  public Instant now() {
    return START;
  }

  @Override
  public Optional<byte[]> blob(BlobId id) {
    return Optional.empty();
  }

  /** A controller that cannot be administered. */
  private record Nothing(Optional<AskedController> leader) implements Administration {
    @Override
    public CompletionStage<SlurmError> reconfigure() {
      return CompletableFuture.completedStage(SlurmError.SLURM_SUCCESS);
    }

    @Override
    public CompletionStage<SlurmError> takeOver() {
      return CompletableFuture.completedStage(SlurmError.SLURM_SUCCESS);
    }

    @Override
    public void shutdown() {}

    @Override
    public SchedulingFigures scheduling() {
      return SchedulingFigures.NONE;
    }

    @Override
    public void resetScheduling() {}

    @Override
    public Optional<CompletionStage<byte[]>> askLeader(byte[] question) {
      return leader.map(other -> other.statistics.answer(question));
    }

    @Override
    public void doubtLaunch(Job job) {}
  }

  /** A host without users. */
  private static final class Nobody implements Identities {
    @Override
    public CompletionStage<Optional<Identities.Identity>> of(Uid uid, Gid gid) {
      return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<List<Long>> members(List<String> groups) {
      return CompletableFuture.completedStage(List.of());
    }
  }

  /** A configuration that says nothing. */
  private static final class Files implements SharedConfiguration {
    @Override
    public ClusterConfiguration shown(ClusterFacts facts, Release release) {
      return ClusterConfiguration.builder().build();
    }

    @Override
    public ConfigResponse files(Release release, boolean node) {
      return ConfigResponse.builder().build();
    }

    @Override
    public void tuned(TunedSetting setting) {}
  }
}
