package baton.controller.replication;

import baton.controller.replication.PendingCommand.Reach;
import baton.controller.replication.Submission.Refusal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is submitted here to the member that leads, and sees to it that it is settled: a
 * command is carried out once or not at all, whoever leads when (ADR 0023).
 *
 * <p>Thread-safe. A command goes on the thread that submits it.
 */
final class Proposals<R> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);

  /** How often what is not settled is looked at. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /** After that time without an answer the leader is sent an entry again. */
  private static final long RESEND_NANOS = Duration.ofMillis(500).toNanos();

  private final ClientId clientId;
  private final RaftGroupId groupId;
  private final PendingCommands<R> pending;
  private final Supplier<Lead> lead;
  private final LeaderLink self;
  private final LeaderLink others;
  private final Pace pace;
  private final AtomicBoolean lookIsDue = new AtomicBoolean();

  /**
   * @param clientId under which Ratis knows this process; with an entry's number it tells a repeat
   * @param lead who leads
   * @param self to this member, which leads
   * @param others to other members
   * @param pace the clock that {@code pending} has, and the timer
   */
  Proposals(
      ClientId clientId,
      RaftGroupId groupId,
      PendingCommands<R> pending,
      Supplier<Lead> lead,
      LeaderLink self,
      LeaderLink others,
      Pace pace) {
    this.clientId = clientId;
    this.groupId = groupId;
    this.pending = pending;
    this.lead = lead;
    this.self = self;
    this.others = others;
    this.pace = pace;
  }

  /**
   * Submits a command or another frame. The future never fails.
   *
   * @param patience how long a command for any leader may wait for one
   */
  CompletableFuture<Submission<R>> submit(
      LogFrame.Kind kind, byte[] payload, Reach reach, Duration patience, Executor executor) {
    PendingCommand<R> command =
        pending.tryAdd(kind, payload, reach, pace.nanoTime() + patience.toNanos(), executor);
    if (command == null) {
      return CompletableFuture.completedFuture(Submission.refused(Refusal.OVERLOADED));
    }
    sendNext();
    lookLater();
    return command.answer();
  }

  /** Another leads, or this member has begun to: what waits may go. */
  void leadChanged() {
    sendNext();
  }

  /**
   * Sends the next entry to the leader, unless one is on its way: then it follows when that is
   * there.
   */
  private void sendNext() {
    Lead now = lead.get();
    PendingEntry<R> entry = pending.tryBegin(now);
    if (entry != null) {
      send(entry, now, true);
    }
  }

  private void send(PendingEntry<R> entry, Lead to, boolean first) {
    if (!to.own()) {
      entry.sentElsewhere();
    }
    entry.sendAgainAt(pace.nanoTime() + RESEND_NANOS);
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(to.leader())
            .setGroupId(groupId)
            .setCallId(entry.stamp().number())
            .setType(RaftClientRequest.writeRequestType())
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry.frame().encode())))
            .build();
    CompletableFuture<RaftClientReply> unused =
        (to.own() ? self : others)
            .send(request)
            .whenComplete(
                (reply, failure) -> {
                  boolean taken = answered(entry, to.own(), reply, failure);
                  if (first) {
                    pending.arrived();
                  }
                  // after a refusal not at once: who does not lead now will not in a microsecond
                  if (first && taken) {
                    sendNext();
                  }
                });
  }

  /**
   * The leader has answered. What was applied here has been settled before.
   *
   * <p>A leader that loses its lead says that it is none for requests that it has logged, too: what
   * another member refuses may be in its log, and is settled by what is applied here. This member
   * knows of its own log.
   *
   * @return whether it took the entry
   */
  private boolean answered(
      PendingEntry<R> entry, boolean own, RaftClientReply reply, Throwable failure) {
    Throwable why =
        failure != null ? JavaUtils.unwrapCompletionException(failure) : reply.getException();
    if (why == null) {
      return true;
    }
    LOG.debug("{} was not taken", entry.stamp(), why);
    if (!own && why instanceof StateMachineException) {
      // refused before it was logged; a repeat of what was logged would have met Ratis' cache
      pending.notLogged(entry, Refusal.NO_SPACE);
    } else if (!own) {
      if (!(why instanceof TimeoutException)) {
        // it does not lead yet, or was not reached: with the next look it may
        entry.sendAgainAt(pace.nanoTime());
      }
    } else if (entry.isPerhapsLogged()) {
      pending.doubted(entry);
    } else {
      pending.notLogged(entry, refusal(why));
    }
    return false;
  }

  private static Refusal refusal(Throwable why) {
    if (why instanceof ResourceUnavailableException) {
      return Refusal.OVERLOADED;
    }
    boolean notLeader =
        why instanceof NotLeaderException
            || why instanceof LeaderNotReadyException
            || why instanceof LeaderSteppingDownException;
    return notLeader ? Refusal.NOT_LEADER : Refusal.STOPPED;
  }

  private void lookLater() {
    if (lookIsDue.compareAndSet(false, true)) {
      pace.after(LOOK_EVERY, this::look);
    }
  }

  private void look() {
    lookIsDue.set(false);
    long now = pace.nanoTime();
    pending.expire(now);
    Lead current = lead.get();
    for (PendingEntry<R> entry : pending.unsettled()) {
      // the same number to the leader of the same term: Ratis tells it from a new one
      if (!entry.isLoggedHere()
          && entry.stamp().term() == current.term()
          && now - entry.sendAgainNanos() > 0) {
        send(entry, current, false);
      }
    }
    sendNext();
    if (pending.size() > 0) {
      lookLater();
    }
  }

  /** Refuses what is not settled. */
  @Override
  public void close() {
    pending.close(Refusal.STOPPED);
    pace.close();
    others.close();
    self.close();
  }
}
