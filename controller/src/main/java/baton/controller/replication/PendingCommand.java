package baton.controller.replication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One command, or another frame, that is not answered yet. The first answer counts; it runs on the
 * executor that the command was submitted with, never on the thread that applies as long as there
 * is another. Thread-safe.
 */
final class PendingCommand<R> {

  /** Who may carry a command out. */
  enum Reach {
    /** This member while it leads, in the term in which it was submitted, and nobody later. */
    OWN_TERM,
    /** Whoever leads, now or a little later. */
    ANY_LEADER
  }

  private final LogFrame.Kind kind;
  private final byte[] payload;
  private final Reach reach;
  private final long deadlineNanos;
  private final Executor executor;
  private final CompletableFuture<Submission<R>> answer = new CompletableFuture<>();
  private final AtomicBoolean answered = new AtomicBoolean();

  /**
   * @param payload not to be changed afterwards
   * @param deadlineNanos until when it waits, on the clock of {@link Pace}
   * @param executor where its answer runs, unless that refuses
   */
  PendingCommand(
      LogFrame.Kind kind, byte[] payload, Reach reach, long deadlineNanos, Executor executor) {
    this.kind = kind;
    this.payload = payload;
    this.reach = reach;
    this.deadlineNanos = deadlineNanos;
    this.executor = executor;
  }

  LogFrame.Kind kind() {
    return kind;
  }

  byte[] payload() {
    return payload;
  }

  Reach reach() {
    return reach;
  }

  CompletableFuture<Submission<R>> answer() {
    return answer;
  }

  boolean isAnswered() {
    return answered.get();
  }

  boolean isOverdue(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /** Returns true for who may answer the command: the first that asks. */
  boolean tryAnswer() {
    return answered.compareAndSet(false, true);
  }

  /**
   * Answers the command; for who may.
   *
   * @param otherwise where the answer runs when the command's own executor refuses
   */
  void answer(Submission<R> submission, Executor otherwise) {
    if (!answerOn(executor, submission) && !answerOn(otherwise, submission)) {
      answer.complete(submission);
    }
  }

  private boolean answerOn(Executor there, Submission<R> submission) {
    try {
      there.execute(() -> answer.complete(submission));
      return true;
    } catch (RejectedExecutionException fullOrStopped) {
      return false;
    }
  }
}
