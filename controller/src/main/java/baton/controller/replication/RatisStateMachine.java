package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import baton.controller.model.BlobId;
import baton.controller.snapshot.BlobStore;
import baton.controller.snapshot.LogPosition;
import baton.controller.snapshot.SnapshotDamagedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.util.LifeCycle;

/**
 * What Ratis drives. Its updater thread calls {@link #applyTransaction} in the order of the log,
 * and is the only writer of the published state. Ratis' own base class is not used: its stale reads
 * wait for an index to be reported twice, and its term-index is apart from the state.
 */
final class RatisStateMachine<S, R, D>
    implements StateMachine,
        StateMachine.EventApi,
        StateMachine.LeaderEventApi,
        StateMachineStorage {

  private final ReplicationSettings settings;
  private final ReplicatedState<S, R, D> replicated;
  private final StateCodec<S> codec;
  private final PendingCommands<R> pending;
  private final ClientId clientId;
  private final ChangeFeed<S, D> feed;
  private final AppliedIndex applied = new AppliedIndex();
  private final DigestChecks<S> checks;
  private final ExecutorService background;
  private final FaultHandler faults;
  private final LifeCycle lifeCycle = new LifeCycle("state");

  private Path directory;
  private volatile ReplicaDisk<S> disk;
  private volatile SnapshotTaker<S> taker;
  private volatile DiskSpace space;
  private volatile StateAt<S> published;
  private volatile boolean leading;
  private volatile long configuredTerm;
  private volatile Runnable leadChanged = () -> {};
  private volatile Runnable beforeApply = () -> {};
  private volatile Questions questions = Questions.NONE;
  private volatile boolean stopping;

  RatisStateMachine(
      ReplicationSettings settings,
      ReplicatedState<S, R, D> replicated,
      PendingCommands<R> pending,
      ClientId clientId,
      ChangeFeed<S, D> feed,
      ExecutorService background,
      FaultHandler faults) {
    this.settings = settings;
    this.replicated = replicated;
    this.codec = new StateCodec<>(replicated);
    this.pending = pending;
    this.clientId = clientId;
    this.feed = feed;
    this.checks = new DigestChecks<>(codec, background, faults);
    this.background = background;
    this.faults = faults;
    this.published = new StateAt<>(replicated.initial(), LogPosition.BEFORE_FIRST);
  }

  /** What other members ask this one. */
  interface Questions {
    Questions NONE =
        new Questions() {
          @Override
          public CompletableFuture<Long> committedIndex() {
            return CompletableFuture.failedFuture(new IllegalStateException("it starts"));
          }

          @Override
          public CompletableFuture<Long> term() {
            return committedIndex();
          }
        };

    /** How far the log is committed, if this member leads. */
    CompletableFuture<Long> committedIndex();

    /** The latest term that this member knows. */
    CompletableFuture<Long> term();
  }

  StateAt<S> published() {
    return published;
  }

  private void publish(StateAt<S> next) {
    published = next;
    applied.reached(next.position().index());
  }

  /** Sets who answers other members. */
  void onQuestions(Questions answering) {
    questions = answering;
  }

  /**
   * Whether this member was told that it leads, and not yet that it does no more. The two come from
   * different threads of Ratis', so that the first may come after the second.
   */
  boolean isLeading() {
    return leading;
  }

  /** Sets what is run, on a thread of Ratis', when another member leads or this one begins to. */
  void onLeadChanged(Runnable action) {
    leadChanged = action;
  }

  /** Sets what is run before each entry is applied. */
  void onApply(Runnable action) {
    beforeApply = action;
  }

  AppliedIndex appliedIndex() {
    return applied;
  }

  BlobStore blobs() {
    return disk.blobs();
  }

  /** Returns a blob; one that is damaged stops a replica that has others. */
  Optional<byte[]> blob(BlobId id, boolean hasOthers) throws IOException {
    try {
      return disk.blobs().get(id);
    } catch (SnapshotDamagedException e) {
      if (hasOthers) {
        damaged(new DamagedDataException(disk.blobs().pathOf(id), e.getMessage()));
      }
      throw e;
    }
  }

  DiskSpace diskSpace() {
    return space;
  }

  SnapshotTaker<S> taker() {
    return taker;
  }

  DigestChecks<S> checks() {
    return checks;
  }

  StateCodec<S> codec() {
    return codec;
  }

  /** The server is being stopped on purpose. */
  void stopping() {
    stopping = true;
    leading = false;
  }

  boolean isStopping() {
    return stopping;
  }

  // --- start, stop, and what a snapshot from the leader replaces ---

  @Override
  public void initialize(RaftServer raftServer, RaftGroupId raftGroupId, RaftStorage storage)
      throws IOException {
    lifeCycle.startAndTransition(
        () -> {
          directory = storage.getStorageDir().getStateMachineDir().toPath();
          load();
        },
        IOException.class);
  }

  private void load() throws IOException {
    disk = ReplicaDisk.open(directory, codec, settings.blobLimits(), settings.isAlone(), faults);
    publish(
        disk.loaded()
            .orElseGet(() -> new StateAt<>(replicated.initial(), LogPosition.BEFORE_FIRST)));
    StoredLog.requireFollowing(directory.resolveSibling("current"), published.position().index());
    taker =
        new SnapshotTaker<>(
            settings,
            codec,
            disk.snapshots(),
            disk.blobs(),
            published.position(),
            this::published,
            background,
            faults);
    space = DiskSpace.of(directory, () -> disk.bytesOf(taker.newest()));
    feed.loaded(published);
  }

  /** What others have is no use to this member before it starts anew. */
  private void damaged(DamagedDataException damage) {
    try {
      StoredLog.note(settings.groupDirectory(), damage.getMessage());
    } catch (IOException e) {
      damage.addSuppressed(e);
    }
    faults.fatal("the data of this replica is damaged", damage);
  }

  @Override
  public LifeCycle.State getLifeCycleState() {
    return lifeCycle.getCurrentState();
  }

  @Override
  public void pause() {
    lifeCycle.transition(LifeCycle.State.PAUSING);
    disk.close();
    Background.awaitIdle(background);
    lifeCycle.transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    try {
      lifeCycle.startAndTransition(this::load, IOException.class);
    } catch (DamagedDataException e) {
      damaged(e);
      throw e;
    }
    pending.skippedTo(published.position().term());
  }

  @Override
  public void close() {
    lifeCycle.checkStateAndClose(
        () -> {
          if (disk != null) {
            disk.close();
          }
        });
  }

  // --- the log ---

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    TransactionContext.Builder context =
        TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request);
    // its own commands were looked at before
    if (!request.getClientId().equals(clientId) && !space.isFor(PendingCommand.Reach.ANY_LEADER)) {
      TransactionContext refused = context.build();
      refused.setException(new StateMachineException("the disk is full"));
      return refused;
    }
    return context.build();
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext trx) {
    RaftClientRequest request = trx.getClientRequest();
    if (request != null && request.getClientId().equals(clientId)) {
      PendingEntry<R> entry = pending.find(request.getCallId());
      if (entry != null) {
        entry.loggedHere();
      }
    }
    return trx;
  }

  @Override
  public TransactionContext cancelTransaction(TransactionContext trx) {
    return trx;
  }

  @Override
  public TransactionContext applyTransactionSerial(TransactionContext trx) {
    return trx;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext trx) {
    beforeApply.run();
    LogEntryProto entry = trx.getLogEntry();
    LogPosition position = new LogPosition(entry.getTerm(), entry.getIndex());
    StateMachineLogEntryProto content = entry.getStateMachineLogEntry();
    try {
      LogFrame frame = LogFrame.decode(content.getLogData().asReadOnlyByteBuffer());
      if (frame.isFor(position.term())) {
        pending.applied(frame.stamp(), position, apply(frame, position));
      } else {
        // for a leader that is no more: who proposed it has sent it again, or has been refused
        follows(position);
        publish(new StateAt<>(published.state(), position));
      }
      pending.termApplied(position.term());
    } catch (RuntimeException | Error e) {
      faults.fatal("the log entry at " + position + " could not be applied", e);
      throw e;
    }
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private void follows(LogPosition position) {
    if (position.index() != published.position().index() + 1) {
      throw new IllegalStateException("follows " + published.position());
    }
  }

  /** Returns a reply for each command of the entry; null for what is not a command. */
  private List<R> apply(LogFrame frame, LogPosition position) {
    follows(position);
    StateAt<S> before = published;
    switch (frame.kind()) {
      case COMMAND, BATCH -> {
        return apply(before.state(), frame.commands(), position);
      }
      case MARK -> {
        publish(new StateAt<>(before.state(), position));
        checks.mark(published);
      }
      case VERIFY -> {
        publish(new StateAt<>(before.state(), position));
        checks.verify(DigestChecks.decode(frame.payload()));
      }
    }
    return Collections.singletonList(null);
  }

  /** The state is published when all commands of an entry are applied: a snapshot has them all. */
  private List<R> apply(S before, List<byte[]> commands, LogPosition position) {
    S state = before;
    List<R> replies = new ArrayList<>(commands.size());
    List<D> deltas = new ArrayList<>(commands.size());
    for (byte[] command : commands) {
      Applied<S, R, D> applied = replicated.apply(state, command);
      for (Map.Entry<BlobId, byte[]> blob : applied.blobs().entrySet()) {
        disk.blobs().put(blob.getKey(), blob.getValue(), position.index());
      }
      state = applied.next();
      replies.add(applied.reply());
      deltas.add(applied.delta());
    }
    taker.applied(commands.size());
    publish(new StateAt<>(state, position));
    feed.changed(published, deltas);
    return replies;
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    publish(new StateAt<>(published.state(), new LogPosition(term, index)));
    pending.termApplied(term);
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    leadChanged.run();
  }

  @Override
  public TermIndex getLastAppliedTermIndex() {
    LogPosition position = published.position();
    return TermIndex.valueOf(position.term(), position.index());
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    faults.fatal("the log cannot be written", cause);
  }

  // --- snapshots ---

  @Override
  public long takeSnapshot() {
    return taker.poll();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return this;
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    LogPosition newest = taker.newest();
    return newest.index() < 0 ? null : disk.describe(newest, this::damaged);
  }

  @Override
  public void init(RaftStorage raftStorage) {}

  @Override
  public void format() {}

  /** Old snapshots are deleted by who writes the new ones. */
  @Override
  public void cleanupOldSnapshots(SnapshotRetentionPolicy snapshotRetentionPolicy) {}

  // --- roles ---

  /** A leader's first entry of its term is its configuration. */
  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    configuredTerm = term;
  }

  @Override
  public void notifyLeaderReady() {
    if (!stopping) {
      leading = true;
      feed.leading(configuredTerm);
      leadChanged.run();
    }
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
    leading = false;
    feed.notLeading();
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto roleInfo, boolean allServer) {
    if (!stopping) {
      faults.fatal(
          "the replica was stopped by Ratis", new IllegalStateException("see its log before this"));
    }
  }

  // --- reads go to the published state; through Ratis come only what other members ask ---

  @Override
  public CompletableFuture<Message> query(Message request) {
    return questions.committedIndex().thenApply(LeadProof::answer);
  }

  @Override
  public CompletableFuture<Message> queryStale(Message request, long minIndex) {
    return questions.term().thenApply(LeadProof::answer);
  }
}
