package baton.controller.main;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.clock.Agent;
import baton.controller.clock.AgentRunner;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.conf.SlurmUser;
import baton.controller.dispatch.ClientChannel;
import baton.controller.dispatch.ClientWatch;
import baton.controller.dispatch.ClockAgent;
import baton.controller.dispatch.CredentialSigner;
import baton.controller.dispatch.Dispatcher;
import baton.controller.dispatch.Doorbell;
import baton.controller.dispatch.NameService;
import baton.controller.dispatch.NodeChannel;
import baton.controller.dispatch.NodeTargets;
import baton.controller.dispatch.NodeWatch;
import baton.controller.dispatch.ProcessScripts;
import baton.controller.dispatch.SchedulerAgent;
import baton.controller.dispatch.SlurmClientChannel;
import baton.controller.dispatch.SlurmNodeChannel;
import baton.controller.dispatch.StepCredentials;
import baton.controller.fault.FaultHandler;
import baton.controller.http.HttpEndpoint;
import baton.controller.journal.ReplicatedCluster;
import baton.controller.journal.ReplicatorLog;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.replication.DamagedDataException;
import baton.controller.replication.ReplicationSettings;
import baton.controller.replication.Replicator;
import baton.controller.replication.Submission;
import baton.controller.replication.peer.ControllerGroup;
import baton.controller.replication.peer.GroupOptions;
import baton.controller.replication.peer.GroupRefused;
import baton.controller.rpc.Administration;
import baton.controller.rpc.ClientHandlers;
import baton.controller.rpc.Gate;
import baton.controller.rpc.HandlerTable;
import baton.controller.rpc.RpcContext;
import baton.controller.rpc.StatisticsReads;
import baton.controller.rpc.StepRequests;
import baton.controller.rpc.node.NodeHandlers;
import baton.controller.scheduler.Scheduler;
import baton.controller.scheduler.SchedulingFigures;
import baton.protocol.auth.Audience;
import baton.protocol.auth.AuthInfo;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.DigestPolicy;
import baton.protocol.auth.DigestType;
import baton.protocol.auth.MungeAuthenticator;
import baton.protocol.auth.MungePool;
import baton.protocol.error.SlurmError;
import baton.protocol.net.EventLoops;
import baton.protocol.net.ServerLimits;
import baton.protocol.net.SlurmClient;
import baton.protocol.net.SlurmServer;
import baton.protocol.net.TreeOptions;
import baton.protocol.type.Gid;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running controller: constructors wired together, nothing more. It is made ready in an order
 * that keeps jobs safe: state first, configuration next, and only then does it listen, so that no
 * node registers with a controller that does not know its jobs.
 */
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final Duration SERVE_WITHIN = Duration.ofMinutes(10);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);
  private static final long LOOK_MILLIS = 5;
  private static final Reply NO_SPACE = new Reply.Rejected(SlurmError.ESLURM_WRITING_TO_FILE, null);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(3);
  private static final Duration REST = Duration.ofMillis(200);
  private static final int PROCESSORS_PER_NETWORK_THREAD = 4;
  private static final int MOST_SCRIPTS = 64;
  private static final long IDLE_SECONDS = 10;
  private static final int SNAPSHOTS_KEPT = 2;

  private final ControllerOptions options;
  private final FaultHandler faults;
  private final Runnable stop;
  private final TimeSource time = TimeSource.system();
  private final LoadedConfiguration configuration;
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final List<SlurmServer> servers = new ArrayList<>();
  private Optional<ControllerGroup> membership = Optional.empty();
  private Replicator<ClusterState, Reply, Delta> replicator;
  private ReplicatorLog log;
  private Configurator configurator;
  private NodeChannel channel;
  private ClientChannel clientChannel;
  private NodeTargets targets;
  private NodeWatch watch;
  private Dispatcher dispatcher;
  private SchedulerAgent scheduler;
  private ExecutorService background;

  private Controller(ControllerOptions options, FaultHandler faults, Runnable stop)
      throws StartRefused {
    this.options = options;
    this.faults = faults;
    this.stop = stop;
    this.configuration = LoadedConfiguration.read(options);
  }

  /**
   * Starts a controller; when this returns it serves.
   *
   * @param stop called when somebody asks it to end
   * @throws StartRefused when it cannot, with what the administrator must know
   */
  public static Controller start(ControllerOptions options, FaultHandler faults, Runnable stop)
      throws StartRefused, InterruptedException {
    Controller controller = new Controller(options, faults, stop);
    boolean started = false;
    try {
      controller.start();
      started = true;
      return controller;
    } catch (IOException e) {
      throw new StartRefused(false, List.of(String.valueOf(e.getMessage())));
    } finally {
      if (!started) {
        controller.close();
      }
    }
  }

  private void start() throws StartRefused, IOException, InterruptedException {
    NameService names = new NameService(time);
    SlurmUser user = configuration.conf().slurmUser();
    long group = names.groupOf(user.uid()).map(Gid::value).orElse(0L);
    Privileges.become(user, group, options.data());
    background = Executors.newSingleThreadExecutor(work -> daemon(work, "background"));
    toClose.push(background::shutdownNow);
    replicator = startReplica(user);
    toClose.push(replicator);
    if (membership.isPresent()) {
      membership.get().begin(replicator);
    }
    log = new ReplicatorLog(replicator, time);
    targets = new NodeTargets(time);
    configurator = new Configurator(configuration, log, targets, background);
    replicator.follow(configurator);
    awaitService();
    EventLoops loops = new EventLoops(networkThreads());
    toClose.push(loops);
    MungePool munge = new MungePool(MungePool.Settings.of(authInfo()));
    Authenticator authenticator = new MungeAuthenticator(munge, DigestPolicy.STRICT);
    toClose.push(authenticator);
    SlurmClient client = new SlurmClient(loops, authenticator, SlurmClient.Settings.DEFAULT);
    toClose.push(client);
    channel = new SlurmNodeChannel(client, this::treeOptions);
    configurator.tellThrough(channel);
    clientChannel = new SlurmClientChannel(client, () -> configuration.conf().messageTimeout());
    agents(names);
    StepCredentials credentials = new StepCredentials(names, signer(munge), background);
    serve(loops, munge, authenticator, names, credentials);
  }

  /** Finds this controller's place among others, if it is to have one. */
  private Replicator<ClusterState, Reply, Delta> startReplica(SlurmUser user)
      throws StartRefused, IOException, InterruptedException {
    ReplicationSettings alone =
        ReplicationSettings.alone(options.data(), configuration.conf().clusterName())
            .withSnapshots(options.snapshotCommands(), SNAPSHOTS_KEPT);
    GroupOptions asked =
        new GroupOptions(
            options.data(), options.id(), options.peers(), options.joinToken(), alone.group());
    if (!asked.isGroup()) {
      return startAlone(alone);
    }
    MungeTrust trust = new MungeTrust(authInfo(), user.uid().value());
    toClose.push(trust);
    try {
      ControllerGroup entered = ControllerGroup.enter(asked, trust, Controller::say);
      toClose.push(entered);
      membership = Optional.of(entered);
      return entered.start(alone, new ReplicatedCluster(), faults);
    } catch (GroupRefused refused) {
      throw new StartRefused(false, refused.getMessage().lines().toList());
    }
  }

  private Replicator<ClusterState, Reply, Delta> startAlone(ReplicationSettings alone)
      throws StartRefused, IOException {
    Optional<Path> other = Replicator.anotherGroup(options.data(), alone.group());
    if (other.isPresent()) {
      throw new StartRefused(
          false,
          List.of(
              other.get()
                  + " holds the state of a group, and the file member that says which is gone.",
              "One of several controllers: put the file back, or baton cluster remove it, and start"
                  + " it with an empty directory. One that was always alone: ClusterName has"
                  + " changed in slurm.conf."));
    }
    try {
      return Replicator.start(alone, new ReplicatedCluster(), faults);
    } catch (DamagedDataException damage) {
      throw new StartRefused(
          false,
          List.of(
              "the data is damaged: " + damage.getMessage(),
              "This controller is the only one of its cluster: nobody has a copy. Put a sound copy"
                  + " of "
                  + options.data()
                  + " back, and start again."));
    }
  }

  private static void say(String what) {
    LOG.info("group: {}", what);
  }

  private AuthInfo authInfo() {
    String text = configuration.conf().authInfo();
    return AuthInfo.parse(text == null ? "" : text, System.getenv());
  }

  /**
   * They only move bytes, what is asked is handled elsewhere: more of them than there is work for
   * would only be woken in turn, for each connection several.
   */
  private static int networkThreads() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_NETWORK_THREAD);
  }

  private TreeOptions treeOptions() {
    return new TreeOptions(
        configuration.conf().treeWidth(),
        configuration.conf().messageTimeout(),
        Audience.only(configuration.conf().slurmdUser().uid()),
        DigestType.K12);
  }

  private void agents(NameService names) {
    Doorbell watchBell = new Doorbell();
    watch =
        new NodeWatch(
            log, channel, targets, () -> configuration.conf().healthCheck(), time, watchBell);
    Doorbell dispatchBell = new Doorbell();
    dispatcher =
        new Dispatcher(
            log,
            channel,
            clientChannel,
            targets,
            names,
            scripts(),
            time,
            dispatchBell,
            watch::ask,
            faults);
    Doorbell scheduleBell = new Doorbell();
    scheduler = new SchedulerAgent(log, Scheduler::plan, time, scheduleBell);
    Doorbell clockBell = new Doorbell();
    run(watch, watchBell);
    run(dispatcher, dispatchBell);
    run(scheduler, scheduleBell);
    run(new ClockAgent(log, time, ZoneId.systemDefault(), clockBell), clockBell);
    Doorbell clientBell = new Doorbell();
    run(new ClientWatch(log, clientChannel, time, clientBell), clientBell);
    replicator.follow(dispatcher);
    replicator.follow(scheduler);
  }

  private void run(Agent agent, Doorbell bell) {
    AgentRunner runner = new AgentRunner(agent, REST, faults);
    bell.connect(runner::wakeUp);
    runner.start();
    toClose.push(runner);
  }

  /** Only the nodes' slurmd can open what is signed. */
  private CredentialSigner signer(MungePool munge) {
    return certified ->
        munge
            .encode(certified, configuration.conf().slurmdUser().uid().value())
            .thenApply(
                encoded ->
                    encoded.succeeded() ? Optional.of(encoded.credential()) : Optional.empty());
  }

  private void serve(
      EventLoops loops,
      MungePool munge,
      Authenticator authenticator,
      NameService names,
      StepCredentials credentials)
      throws IOException {
    HandlerTable.Builder table = HandlerTable.builder();
    new NodeHandlers(
            log,
            configuration.conf().slurmdUser().uid(),
            () -> configuration.conf().messageTimeout())
        .register(table);
    RpcContext context =
        new RpcContext(
            command -> submit(command, munge::execute),
            log::state,
            log::blob,
            configuration,
            new Administering(),
            new KeptIdentities(names, time, background),
            time);
    new ClientHandlers(context).register(table);
    StatisticsReads statistics = new StatisticsReads(context, table.counters());
    statistics.register(table);
    membership.ifPresent(member -> member.answerMembers(statistics::answer));
    new StepRequests(context, credentials).register(table);
    HandlerTable handlers = table.build(gate(munge::execute));
    for (InetSocketAddress address : addresses()) {
      SlurmServer server =
          SlurmServer.bind(loops, address, authenticator, ServerLimits.DEFAULT, handlers);
      servers.add(server);
      toClose.push(server);
    }
    if (options.http().isPresent()) {
      ControllerMetrics metrics =
          new ControllerMetrics(replicator, dispatcher, scheduler, servers, table.counters());
      try {
        toClose.push(
            HttpEndpoint.start(options.http().get(), this::isReady, this::standing, metrics::text));
      } catch (IOException e) {
        // Jobs matter more than what is told of them: another may have the port.
        LOG.warn("--http: nothing is served at {}: {}", options.http().get(), e.getMessage());
      }
    }
  }

  private List<InetSocketAddress> addresses() {
    if (options.listen().isPresent()) {
      return List.of(options.listen().get());
    }
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 0; i < configuration.conf().slurmctldPortCount(); i++) {
      addresses.add(new InetSocketAddress(configuration.conf().slurmctldPort() + i));
    }
    return addresses;
  }

  private Gate gate(Executor executor) {
    return new MemberGate(
        replicator::awaitCurrent,
        configurator::isInForce,
        () -> configuration.conf().messageTimeout(),
        () -> configuration.conf().controllers().size() > 1,
        executor);
  }

  /**
   * Waits until it can answer: it leads and has put its configuration in force, or follows one that
   * does. Until then it does not listen, so that clients go to the others.
   */
  private void awaitService() throws StartRefused, InterruptedException {
    long end = System.nanoTime() + SERVE_WITHIN.toNanos();
    while (!isCurrent()) {
      configurator.look();
      if (System.nanoTime() - end > 0) {
        throw new StartRefused(false, List.of("no leader was found in " + SERVE_WITHIN));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    if (!replicator.isLeader()) {
      configurator.otherLeads();
    }
  }

  /** Who leads the group, how far its members are, and the last failover to here. */
  private String standing() {
    StringBuilder lines = new StringBuilder();
    membership.ifPresent(
        member ->
            member.status().forEach((name, value) -> lines.append(name + ": " + value + "\n")));
    return lines.toString();
  }

  /** True while it can answer and commit. Takes a moment. */
  public boolean isReady() {
    return isCurrent() && (!replicator.isLeader() || replicator.hasRoom());
  }

  /** True while it leads or follows one that does. */
  private boolean isCurrent() {
    return replicator.awaitCurrent(ANSWER_WITHIN).toCompletableFuture().join()
        && configurator.isInForce();
  }

  /** One line for the administrator. */
  public String description() {
    ClusterState state = log.state();
    List<Integer> ports = servers.stream().map(server -> server.address().getPort()).toList();
    return "cluster "
        + state.config().clusterName()
        + ", Slurm "
        + options.slurmVersion()
        + ", ports "
        + ports
        + ", "
        + state.nodes().size()
        + " nodes, "
        + state.jobs().size()
        + " jobs";
  }

  /** Reads slurm.conf again, as SIGHUP and {@code scontrol reconfigure} ask for. */
  public CompletionStage<SlurmError> reconfigure() {
    return configurator.reconfigure();
  }

  /** Submits what a client asks for; it is answered where its credential can be made at once. */
  private CompletionStage<Reply> submit(Command command, Executor answers) {
    if (replicator.isLeader() && !replicator.hasRoom()) {
      return CompletableFuture.completedStage(NO_SPACE);
    }
    return log.propose(command, configuration.conf().messageTimeout(), answers)
        .thenCompose(Controller::reply);
  }

  private static CompletionStage<Reply> reply(Submission<Reply> submission) {
    if (submission instanceof Submission.Committed<Reply> committed) {
      return CompletableFuture.completedStage(committed.reply());
    }
    return submission.equals(Submission.refused(Submission.Refusal.NO_SPACE))
        ? CompletableFuture.completedStage(NO_SPACE)
        : CompletableFuture.failedStage(new IllegalStateException("not committed: " + submission));
  }

  /** Programs run each on a thread of its own, which is there while one needs it. */
  private ProcessScripts scripts() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            MOST_SCRIPTS,
            MOST_SCRIPTS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> daemon(work, "script"));
    threads.allowCoreThreadTimeOut(true);
    toClose.push(threads::shutdownNow);
    return new ProcessScripts(threads);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Stops in the order that lets what came in be answered. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> drains = new ArrayList<>();
    for (SlurmServer server : servers) {
      drains.add(server.drain(DRAIN_WITHIN).toCompletableFuture());
    }
    for (CompletableFuture<Void> drain : drains) {
      try {
        drain.get(DRAIN_WITHIN.toMillis() * 2, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("connections were cut off", e);
      }
    }
    while (!toClose.isEmpty()) {
      try {
        toClose.pop().close();
      } catch (Exception e) {
        LOG.warn("not closed cleanly", e);
      }
    }
  }

  /** What an administrator asks of it. */
  private final class Administering implements Administration {
    @Override
    public CompletionStage<SlurmError> reconfigure() {
      return Controller.this.reconfigure();
    }

    @Override
    public CompletionStage<SlurmError> takeOver() {
      return membership
          .map(ControllerGroup::takeLead)
          .orElseGet(() -> CompletableFuture.completedStage(true))
          .thenApply(leads -> leads ? SlurmError.SLURM_SUCCESS : SlurmError.ESLURM_DISABLED);
    }

    @Override
    public void doubtLaunch(Job job) {
      ClusterConfig config = configuration.config();
      long grace = (long) config.batchStartTimeoutSeconds() + config.messageTimeoutSeconds() + 1;
      LOG.warn("job {}: a node says that a launch of it failed", job.id());
      if (job.batchHost() != null) {
        watch.askLater(job.batchHost(), Duration.ofSeconds(grace));
      }
    }

    @Override
    public void shutdown() {
      background.execute(stop);
    }

    @Override
    public SchedulingFigures scheduling() {
      return scheduler.figures();
    }

    @Override
    public void resetScheduling() {
      scheduler.resetFigures();
    }

    @Override
    public Optional<CompletionStage<byte[]>> askLeader(byte[] question) {
      return membership.flatMap(member -> member.askLeader(question));
    }
  }
}
