package baton.controller.replication;

import baton.controller.replication.Submission.Refusal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The commands that this process has submitted and not been answered. Bounded. The first answer
 * counts; answers run on the executor, never on the thread that applies.
 *
 * <p>Thread-safe.
 */
final class PendingCommands<R> {

  private final Map<Long, Pending> byCallId = new ConcurrentHashMap<>();
  private final AtomicLong lastCallId = new AtomicLong();
  private final Semaphore room;
  private final Executor answers;

  PendingCommands(int maxOutstanding, Executor answers) {
    this.room = new Semaphore(maxOutstanding);
    this.answers = answers;
  }

  /** One command under way. */
  final class Pending {
    private final long callId;
    private final CompletableFuture<Submission<R>> answer = new CompletableFuture<>();
    private volatile boolean appending;

    private Pending(long callId) {
      this.callId = callId;
    }

    long callId() {
      return callId;
    }

    CompletableFuture<Submission<R>> answer() {
      return answer;
    }

    /** From here on nobody can say that the command is not in the log. */
    void appending() {
      appending = true;
    }

    void refuse(Refusal refusal) {
      complete(Submission.refused(appending ? Refusal.UNDETERMINED : refusal));
    }

    void complete(Submission<R> submission) {
      if (byCallId.remove(callId, this)) {
        room.release();
        answers.execute(() -> answer.complete(submission));
      }
    }
  }

  /** Returns a new pending command, or null when there are too many. */
  Pending tryAdd() {
    if (!room.tryAcquire()) {
      return null;
    }
    Pending pending = new Pending(lastCallId.incrementAndGet());
    byCallId.put(pending.callId, pending);
    return pending;
  }

  /** Returns the pending command with this number, or null. */
  Pending find(long callId) {
    return byCallId.get(callId);
  }

  int size() {
    return byCallId.size();
  }

  void refuseAll(Refusal refusal) {
    byCallId.values().forEach(pending -> pending.refuse(refusal));
  }
}
