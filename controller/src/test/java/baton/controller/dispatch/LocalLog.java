package baton.controller.dispatch;

import baton.controller.apply.Delta;
import baton.controller.apply.Outcome;
import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.journal.ClusterLog;
import baton.controller.journal.CommandCodec;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import baton.controller.replication.Submission;
import baton.controller.snapshot.LogPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** A log of one member without disk: commands go through their bytes and are applied at once. */
final class LocalLog implements ClusterLog {
  private final TimeSource time;
  private final List<StateFollower<ClusterState, Delta>> followers = new ArrayList<>();
  private final Map<BlobId, byte[]> blobs = new HashMap<>();
  private final List<Command> commands = new ArrayList<>();
  private ClusterState state = ClusterState.empty();
  private boolean leading = true;
  private BooleanSupplier proven = () -> true;
  private boolean refusing;
  private long index;

  LocalLog(TimeSource time) {
    this.time = time;
  }

  void follow(StateFollower<ClusterState, Delta> follower) {
    followers.add(follower);
    follower.loaded(new StateAt<>(state, new LogPosition(1, index)));
  }

  void forgetFollowers() {
    followers.clear();
  }

  void refuse(boolean all) {
    refusing = all;
  }

  void lead(boolean leads) {
    leading = leads;
  }

  /** Whether a majority has said lately that this replica leads. */
  void prove(boolean lead) {
    proven = () -> lead;
  }

  /** As {@link #prove(boolean)}, asked each time. */
  void prove(BooleanSupplier lead) {
    proven = lead;
  }

  void put(BlobId id, byte[] content) {
    blobs.put(id, content);
  }

  List<Command> commands() {
    return commands;
  }

  Reply apply(Command command) {
    Command decoded = CommandCodec.decode(CommandCodec.encode(command));
    if (!decoded.equals(command)) {
      throw new AssertionError(command + " became " + decoded);
    }
    Outcome outcome = StateMachine.apply(state, decoded);
    state = outcome.next();
    commands.add(command);
    index++;
    StateAt<ClusterState> at = new StateAt<>(state, new LogPosition(1, index));
    followers.forEach(follower -> follower.changed(at, List.of(outcome.delta())));
    return outcome.reply();
  }

  @Override
  public CompletionStage<Submission<Reply>> submit(Command command) {
    if (refusing) {
      return CompletableFuture.completedStage(Submission.refused(Submission.Refusal.OVERLOADED));
    }
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
    return leading;
  }

  @Override
  public CompletionStage<Submission<Reply>> propose(Command command, Duration patience) {
    return submit(command);
  }

  @Override
  public boolean mayAct(Runnable then) {
    return leading && proven.getAsBoolean();
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public Optional<byte[]> blob(BlobId id) {
    return Optional.ofNullable(blobs.get(id));
  }
}
