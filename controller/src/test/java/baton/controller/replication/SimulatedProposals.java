package baton.controller.replication;

import baton.controller.replication.PendingCommand.Reach;
import baton.controller.snapshot.LogPosition;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;

/**
 * {@link Proposals} and {@link PendingCommands} of one simulated process, over a log that is
 * simulated: the simulation neither sees Ratis nor waits for threads. One thread.
 *
 * @param <R> the reply of the replicated state
 */
public final class SimulatedProposals<R> {
  private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(0, 1));
  private static final int MAX_OUTSTANDING = 10_000;
  private static final Duration FOR_EVER = Duration.ofDays(365);

  /** Who leads, as far as a member knows; {@code leader} is null when it knows of none. */
  public record LeaderNow(String leader, long term, boolean own) {}

  /** What becomes of an entry that was sent to a leader. */
  public enum Taken {
    /** It was applied there. */
    YES,
    /** The member does not lead, or does not any more. */
    NOT_LEADER,
    /** There was no answer. */
    NO_ANSWER
  }

  /** One entry on its way: who sends it, under which number, and its bytes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Sent(String leader, boolean own, long client, long number, byte[] frame) {}

  /** The clock, the timer and the answering threads of one process. */
  public interface Threads {
    long nanoTime();

    void after(Duration wait, Runnable work);

    void answer(Runnable work);
  }

  private final PendingCommands<R> pending;
  private final Proposals<R> proposals;
  private final Executor answers;
  private final long proposer;

  /**
   * @param proposer the number of this process
   * @param lead who leads
   * @param link sends an entry; tells once what became of it
   */
  public SimulatedProposals(
      long proposer,
      Supplier<LeaderNow> lead,
      BiConsumer<Sent, Consumer<Taken>> link,
      Threads threads) {
    this.proposer = proposer;
    this.answers = threads::answer;
    LongSupplier clock = threads::nanoTime;
    this.pending =
        new PendingCommands<>(
            proposer, MAX_OUTSTANDING, ReplicationSettings.MAX_COMMAND_BYTES, clock, answers);
    this.proposals =
        new Proposals<>(
            ClientId.valueOf(new UUID(0, proposer)),
            GROUP,
            pending,
            () -> lead(lead.get()),
            request -> send(link, request, true),
            request -> send(link, request, false),
            new Timer(threads));
  }

  private static Lead lead(LeaderNow now) {
    return now.leader() == null
        ? Lead.NONE
        : new Lead(RaftPeerId.valueOf(now.leader()), now.term(), now.own());
  }

  private CompletableFuture<RaftClientReply> send(
      BiConsumer<Sent, Consumer<Taken>> link, RaftClientRequest request, boolean own) {
    CompletableFuture<RaftClientReply> reply = new CompletableFuture<>();
    String leader = request.getServerId().toString();
    Sent sent =
        new Sent(
            leader,
            own,
            proposer,
            request.getCallId(),
            request.getMessage().getContent().toByteArray());
    link.accept(
        sent,
        taken -> {
          switch (taken) {
            case YES ->
                reply.complete(
                    RaftClientReply.newBuilder().setRequest(request).setSuccess().build());
            case NOT_LEADER ->
                reply.completeExceptionally(
                    new NotLeaderException(
                        RaftGroupMemberId.valueOf(request.getServerId(), GROUP), null, List.of()));
            case NO_ANSWER ->
                reply.completeExceptionally(new IllegalStateException("no answer of " + leader));
          }
        });
    return reply;
  }

  /** As {@link Replicator#submit}. */
  public CompletionStage<Submission<R>> submit(byte[] command) {
    return proposals.submit(LogFrame.Kind.COMMAND, command, Reach.OWN_TERM, FOR_EVER, answers);
  }

  /** As {@link Replicator#propose}. */
  public CompletionStage<Submission<R>> propose(byte[] command, Duration patience) {
    return proposals.submit(LogFrame.Kind.COMMAND, command, Reach.ANY_LEADER, patience, answers);
  }

  /** Another leads, or this member has begun to. */
  public void leadChanged() {
    proposals.leadChanged();
  }

  /** This member, which leads, puts an entry of its own process into its log. */
  public void loggedHere(long number) {
    PendingEntry<R> entry = pending.find(number);
    if (entry != null) {
      entry.loggedHere();
    }
  }

  /**
   * An entry of the log is applied here.
   *
   * @param frame its bytes; empty for one of the log's own
   * @param checked false to take what is for another term for valid: a planted bug
   * @param apply applies its commands and returns the replies
   * @return whether it counted
   */
  public boolean apply(
      byte[] frame, LogPosition position, boolean checked, Function<List<byte[]>, List<R>> apply) {
    boolean counts = false;
    if (frame.length > 0) {
      LogFrame entry = LogFrame.decode(java.nio.ByteBuffer.wrap(frame));
      counts = !checked || entry.isFor(position.term());
      if (counts) {
        pending.applied(entry.stamp(), position, apply.apply(entry.commands()));
      }
    }
    pending.termApplied(position.term());
    return counts;
  }

  /** A snapshot of the leader's has replaced the log here. */
  public void skippedTo(long term) {
    pending.skippedTo(term);
  }

  private record Timer(Threads threads) implements Pace {
    @Override
    public long nanoTime() {
      return threads.nanoTime();
    }

    @Override
    public void after(Duration wait, Runnable work) {
      threads.after(wait, work);
    }

    @Override
    public void close() {
      // a process that ends takes what it planned with it
    }
  }
}
