package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import baton.controller.model.BlobId;
import baton.controller.replication.PendingCommand.Reach;
import baton.controller.replication.Submission.Refusal;
import baton.controller.snapshot.LogPosition;
import baton.controller.snapshot.StateDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of a state. Commands are acknowledged once they are on the disks of a majority and
 * applied here (decision 4); the state is read as a reference, at any time, from any thread
 * (decision 7).
 *
 * <p>All methods are thread-safe. Futures are completed on a thread of the replicator's own, unless
 * asked otherwise; what hangs on them should be short.
 *
 * @param <S> the state
 * @param <R> the reply to a command
 * @param <D> what changed
 */
public final class Replicator<S, R, D> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);

  /** The longest that a command for any leader can wait for one. */
  public static final Duration MAX_PATIENCE = Duration.ofMinutes(5);

  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final ReplicationSettings settings;
  private final FaultHandler faults;
  private final ClientId clientId = ClientId.randomId();
  private final RaftGroupId groupId;
  private final RaftPeerId selfId;
  private final ExecutorService answers = Background.thread("replication-answers");
  private final ExecutorService background = Background.thread("snapshot-writer");
  private final PendingCommands<R> pending;
  private final ChangeFeed<S, D> feed;
  private final RatisStateMachine<S, R, D> stateMachine;
  private final DirectoryLock directoryLock;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final Proposals<R> proposals;
  private final GroupControl control;
  private final LeadProof proof;
  private final ReadBarrier barrier;
  private final MarkKeeper mark;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Starts a replica: loads the newest snapshot, and follows or leads the group from there. When
   * this returns, {@link #state()} is the snapshot's; the log after it is applied as soon as a
   * leader is known, for a replica that is alone within milliseconds ({@link #awaitLeading}).
   *
   * @throws DamagedDataException when what is in the directory is not what was written
   * @throws IOException when the directory is another's, or what is in it cannot be used
   */
  public static <S, R, D> Replicator<S, R, D> start(
      ReplicationSettings settings, ReplicatedState<S, R, D> replicated, FaultHandler faults)
      throws IOException {
    if (!settings.isAlone()) {
      LOG.info("member {} of the group {}", settings.self(), settings.group());
    }
    return new Replicator<>(settings, replicated, faults);
  }

  /** Returns a directory in which a replica of another group has run; nothing if none has. */
  public static Optional<Path> anotherGroup(Path directory, UUID group) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(one -> !one.equals(directory.resolve(group.toString())))
          .filter(StoredLog::isBegun)
          .findFirst();
    }
  }

  /** Tells whether a replica of the group has ever run in the directory. */
  public static boolean isBegun(Path directory, UUID group) {
    return StoredLog.isBegun(directory.resolve(group.toString()));
  }

  private Replicator(
      ReplicationSettings settings, ReplicatedState<S, R, D> replicated, FaultHandler faults)
      throws IOException {
    this.settings = settings;
    this.faults = faults;
    this.groupId = RatisProperties.groupId(settings);
    this.selfId = RaftPeerId.valueOf(settings.self());
    this.pending =
        new PendingCommands<>(
            ThreadLocalRandom.current().nextLong(),
            settings.maxOutstanding(),
            settings.maxCommandBytes(),
            System::nanoTime,
            answers);
    this.feed = new ChangeFeed<>(faults);
    this.stateMachine =
        new RatisStateMachine<>(
            settings, replicated, pending, clientId, feed, background, new StoppingFaults());
    Files.createDirectories(settings.directory());
    this.directoryLock = DirectoryLock.take(settings.directory());
    RaftServer starting = null;
    boolean started = false;
    try {
      StoredLog.prepare(root(), settings.isAlone(), new StoppingFaults());
      starting = newServer();
      this.server = starting;
      this.division = startServer();
      LeaderLink others = settings.network().link(selfId);
      this.proposals =
          new Proposals<>(
              clientId,
              groupId,
              pending,
              this::lead,
              toItself(),
              others,
              Pace.ofMachine("replication-timer"));
      this.control = new GroupControl(groupId, server, division, this::lead);
      this.proof = new LeadProof(groupId, division, this::lead, others);
      this.barrier =
          new ReadBarrier(
              this::lead, proof, stateMachine.appliedIndex(), settings.maxOutstanding());
      stateMachine.onLeadChanged(proposals::leadChanged);
      stateMachine.onQuestions(new Questions());
      this.mark = new MarkKeeper(root(), division.getRaftLog(), faults);
      settings.network().promising(mark);
      stateMachine.onApply(mark::appended);
      started = true;
    } finally {
      if (!started) {
        abandon(starting);
      }
    }
  }

  private Path root() {
    return settings.groupDirectory();
  }

  private RaftServer newServer() throws IOException {
    return RaftServer.newBuilder()
        .setServerId(selfId)
        .setGroup(RatisProperties.group(settings))
        .setOption(RaftStorage.StartupOption.RECOVER)
        .setProperties(RatisProperties.of(settings))
        .setParameters(GroupRpc.parameters(settings.network()))
        .setStateMachine(stateMachine)
        .build();
  }

  private RaftServer.Division startServer() throws IOException {
    try {
      server.start();
    } catch (IOException | CompletionException | IllegalStateException e) {
      throw damageBehind(e)
          .orElseGet(
              () -> new IOException("the log in " + settings.directory() + " cannot be used", e));
    }
    RaftServer.Division started = server.getDivision(groupId);
    return started;
  }

  private static Optional<IOException> damageBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DamagedDataException damage) {
        return Optional.of(damage);
      }
    }
    return Optional.empty();
  }

  /**
   * The division takes commands on the caller's thread; the server itself would hand each to
   * another thread and wait for it.
   */
  private LeaderLink toItself() {
    RaftClientAsynchronousProtocol direct = (RaftClientAsynchronousProtocol) division;
    return request -> {
      try {
        return direct.submitClientRequestAsync(request);
      } catch (IOException | RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    };
  }

  private void abandon(RaftServer starting) {
    stateMachine.stopping();
    if (starting != null) {
      try {
        starting.close();
      } catch (IOException e) {
        LOG.warn("Ratis did not stop cleanly", e);
      }
    }
    stopThreads();
  }

  /**
   * Submits a command for this replica to carry out while it leads, in its present term. The future
   * never fails: what becomes of the command is a value.
   *
   * @param command not to be changed afterwards
   */
  public CompletionStage<Submission<R>> submit(byte[] command) {
    return submit(LogFrame.Kind.COMMAND, command, Reach.OWN_TERM, FOR_EVER, answers);
  }

  /** As {@link #propose(byte[], Duration, Executor)}, completed on the replicator's own thread. */
  public CompletionStage<Submission<R>> propose(byte[] command, Duration patience) {
    return propose(command, patience, answers);
  }

  /**
   * Submits a command for whoever leads, and waits until it is carried out or certain not to be.
   *
   * @param command not to be changed afterwards
   * @param patience how long it may wait for a leader; {@link #MAX_PATIENCE} at most
   * @param executor where the future is completed, not in the order of the commands; when it
   *     refuses, on the replicator's own thread
   */
  public CompletionStage<Submission<R>> propose(
      byte[] command, Duration patience, Executor executor) {
    Duration bounded = patience.compareTo(MAX_PATIENCE) < 0 ? patience : MAX_PATIENCE;
    return submit(LogFrame.Kind.COMMAND, command, Reach.ANY_LEADER, bounded, executor);
  }

  private CompletableFuture<Submission<R>> submit(
      LogFrame.Kind kind, byte[] payload, Reach reach, Duration patience, Executor executor) {
    Objects.requireNonNull(payload, "payload");
    if (payload.length > settings.maxCommandBytes()) {
      return CompletableFuture.completedFuture(Submission.refused(Refusal.TOO_LARGE));
    }
    if (lead().own() && !stateMachine.diskSpace().isFor(reach)) {
      return CompletableFuture.completedFuture(Submission.refused(Refusal.NO_SPACE));
    }
    return closed.get()
        ? CompletableFuture.completedFuture(Submission.refused(Refusal.STOPPED))
        : proposals.submit(kind, payload, reach, patience, executor);
  }

  /** Who leads, as far as is known here. */
  private Lead lead() {
    DivisionInfo info = division.getInfo();
    if (isLeader()) {
      // should the lead be lost in between, this member takes nothing for the later term
      return new Lead(selfId, info.getCurrentTerm(), true);
    }
    RaftPeerId leader = info.getLeaderId();
    return leader == null || leader.equals(selfId)
        ? Lead.NONE
        : new Lead(leader, info.getCurrentTerm(), false);
  }

  /** Returns the latest applied state. */
  public S state() {
    return stateMachine.published().state();
  }

  /** Returns the latest applied state with its position in the log. */
  public StateAt<S> stateAt() {
    return stateMachine.published();
  }

  /**
   * Tells whether this replica leads and has applied all that earlier leaders committed. It may
   * have lost the lead already without knowing; what is submitted then is refused.
   */
  public boolean isLeader() {
    return stateMachine.isLeading() && division.getInfo().isLeader();
  }

  /**
   * Completes with true once {@link #state()} holds all that anybody was told before this call,
   * whichever member told it (ADR 0035); with false when that is not known within the time. For a
   * replica that is alone that is at once.
   */
  public CompletionStage<Boolean> awaitCurrent(Duration patience) {
    return barrier.pass(patience);
  }

  /**
   * Tells whether this replica leads and has proven it a moment ago, so that it may act on what it
   * has committed. What is not fresh any more is proven again meanwhile.
   *
   * @param then run when it has been, on a thread that must not be held up; not when this returns
   *     true
   */
  public boolean mayAct(Runnable then) {
    return proof.isFresh(then);
  }

  /**
   * Tells whether the disk has room for more than what is under way needs. Without it, clients are
   * to be refused; in the end everything is, with {@link Refusal#NO_SPACE}.
   */
  public boolean hasRoom() {
    return stateMachine.diskSpace().room() == DiskSpace.Room.ENOUGH;
  }

  /** Returns who belongs to the group, and the means to change it. */
  public GroupControl group() {
    return control;
  }

  /** Waits until this replica leads; false when it does not within the time. */
  public boolean awaitLeading(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!isLeader()) {
      if (closed.get() || System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(1);
    }
    return true;
  }

  /** Adds a follower; it is given the state first, and then all that happens to it. */
  public void follow(StateFollower<S, D> follower) {
    feed.add(follower);
  }

  /** Returns how many commands are under way. */
  public int outstanding() {
    return pending.size();
  }

  /**
   * Returns the content of a blob that the state names. When it is damaged and others have it, this
   * replica stops, to come back with what they have.
   *
   * @return nothing when this replica does not have it
   * @throws IOException when it cannot be read, or is not what was put
   */
  public Optional<byte[]> blob(BlobId id) throws IOException {
    return stateMachine.blob(id, control.view().members().size() > 1);
  }

  /** Takes a snapshot now; completed with its position when it is on disk. */
  public CompletionStage<LogPosition> takeSnapshot() {
    return stateMachine.taker().request();
  }

  /** Digests the current state, on the caller's thread. */
  public StateDigest digest() {
    try {
      return stateMachine.codec().digest(stateMachine.published());
    } catch (IOException e) {
      throw new IllegalStateException("the state cannot be encoded", e);
    }
  }

  /**
   * Lets every replica compare its state with this one's (I4). To be called on the leader.
   *
   * @return the digest compared, once a majority has the request to compare it; fails when this
   *     replica does not lead. A replica that differs stops with a fatal fault
   */
  public CompletionStage<StateDigest> checkReplicas() {
    return mark(LogFrame.Kind.MARK, new byte[0])
        .thenCompose(mark -> stateMachine.checks().at(positionOf(mark)))
        .thenCompose(
            digest ->
                mark(LogFrame.Kind.VERIFY, DigestChecks.encode(digest))
                    .thenApply(
                        verified -> {
                          positionOf(verified);
                          return digest;
                        }));
  }

  private CompletionStage<Submission<R>> mark(LogFrame.Kind kind, byte[] payload) {
    return submit(kind, payload, Reach.OWN_TERM, FOR_EVER, answers);
  }

  private LogPosition positionOf(Submission<R> submission) {
    if (submission instanceof Submission.Committed<R> committed) {
      return committed.position();
    }
    throw new IllegalStateException("the check could not be logged: " + submission);
  }

  /**
   * Stops the replica. What is under way is refused; all that was acknowledged is on disk already,
   * so that this differs from a crash in politeness only.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stateMachine.stopping();
    mark.close();
    try {
      server.close();
    } catch (IOException e) {
      faults.report("Ratis did not stop cleanly", e);
    }
    barrier.close();
    proposals.close();
    stopThreads();
  }

  private void stopThreads() {
    stateMachine.close();
    Background.stop(background);
    feed.close();
    Background.stop(answers);
    directoryLock.close();
  }

  private final class Questions implements RatisStateMachine.Questions {
    @Override
    public CompletableFuture<Long> committedIndex() {
      return proof.committedIndex();
    }

    @Override
    public CompletableFuture<Long> term() {
      return CompletableFuture.completedFuture(division.getInfo().getCurrentTerm());
    }
  }

  /**
   * Passes faults on, and stops the replica after a fatal one should the process still be there.
   */
  private final class StoppingFaults implements FaultHandler {
    @Override
    public void fatal(String what, Throwable cause) {
      boolean first = !stateMachine.isStopping();
      stateMachine.stopping();
      if (first) {
        faults.fatal(what, cause);
        Thread stopper = new Thread(Replicator.this::close, "replication-stopper");
        stopper.setDaemon(true);
        stopper.start();
      }
    }

    @Override
    public void report(String what, Throwable cause) {
      faults.report(what, cause);
    }
  }
}
