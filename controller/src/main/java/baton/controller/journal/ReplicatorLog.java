package baton.controller.journal;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.replication.Replicator;
import baton.controller.replication.Submission;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A {@link ClusterLog} over a {@link Replicator}, which it does not close. */
public final class ReplicatorLog implements ClusterLog {
  private final Replicator<ClusterState, Reply, Delta> replicator;
  private final TimeSource time;

  public ReplicatorLog(Replicator<ClusterState, Reply, Delta> replicator, TimeSource time) {
    this.replicator = replicator;
    this.time = time;
  }

  @Override
  public CompletionStage<Submission<Reply>> submit(Command command) {
    return replicator.submit(CommandCodec.encode(command));
  }

  @Override
  public CompletionStage<Submission<Reply>> propose(Command command, Duration patience) {
    return replicator.propose(CommandCodec.encode(command), patience);
  }

  /**
   * Submits a command for whoever leads.
   *
   * @param patience how long it may wait for a leader
   * @param executor where the answer is completed, unless that refuses
   */
  public CompletionStage<Submission<Reply>> propose(
      Command command, Duration patience, Executor executor) {
    return replicator.propose(CommandCodec.encode(command), patience, executor);
  }

  @Override
  public ClusterState state() {
    return replicator.state();
  }

  @Override
  public boolean isLeader() {
    return replicator.isLeader();
  }

  @Override
  public boolean mayAct(Runnable then) {
    return replicator.mayAct(then);
  }

  @Override
  public Instant now() {
    Instant now = time.now().truncatedTo(ChronoUnit.SECONDS);
    Instant last = replicator.state().facts().now();
    return last != null && last.isAfter(now) ? last : now;
  }

  @Override
  public Optional<byte[]> blob(BlobId id) throws IOException {
    return replicator.blob(id);
  }
}
