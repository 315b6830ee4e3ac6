package baton.controller.replication;

import baton.controller.replication.Submission.Refusal;
import baton.controller.snapshot.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The commands that this process has submitted and not been answered. Bounded. The first answer
 * counts; answers run on the executor that each was submitted with, never on the thread that
 * applies as long as there is another.
 *
 * <p>One log entry is under way at a time. What is submitted meanwhile waits, and goes together
 * into the next: a storm of commands shares entries, as it shares the fsync of each, while a lone
 * command waits for nobody.
 *
 * <p>Thread-safe.
 */
final class PendingCommands<R> {

  /** The most commands of one entry: what is applied before the state is published again. */
  static final int MAX_BATCH = 256;

  /** The most bytes of an entry of several commands. */
  static final int MAX_BATCH_BYTES = 1 << 20;

  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private final Set<Pending> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicLong lastCallId = new AtomicLong();
  private final Semaphore room;
  private final int maxBatchBytes;
  private final Executor answers;

  // guarded by waiting
  private final Deque<Pending> waiting = new ArrayDeque<>();
  private boolean underWay;
  private Refusal closed;

  PendingCommands(int maxOutstanding, int maxCommandBytes, Executor answers) {
    this.room = new Semaphore(maxOutstanding);
    this.maxBatchBytes = Math.min(MAX_BATCH_BYTES, maxCommandBytes);
    this.answers = answers;
  }

  /** One command under way, or another frame. */
  final class Pending {
    private final LogFrame frame;
    private final Executor executor;
    private final CompletableFuture<Submission<R>> answer = new CompletableFuture<>();
    private final AtomicBoolean answered = new AtomicBoolean();

    private Pending(LogFrame frame, Executor executor) {
      this.frame = frame;
      this.executor = executor;
    }

    CompletableFuture<Submission<R>> answer() {
      return answer;
    }

    private void complete(Submission<R> submission) {
      if (answered.compareAndSet(false, true)) {
        unanswered.remove(this);
        room.release();
        if (!answerOn(executor, submission) && !answerOn(answers, submission)) {
          answer.complete(submission);
        }
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

  /** One log entry under way, with the commands in it. */
  final class Entry {
    private final long callId = lastCallId.incrementAndGet();
    private final List<Pending> commands;
    private volatile boolean appending;

    private Entry(List<Pending> commands) {
      this.commands = List.copyOf(commands);
    }

    long callId() {
      return callId;
    }

    LogFrame frame() {
      return commands.size() == 1
          ? commands.get(0).frame
          : LogFrame.batch(commands.stream().map(pending -> pending.frame.payload()).toList());
    }

    /** From here on nobody can say that the commands are not in the log. */
    void appending() {
      appending = true;
    }

    /** Refuses what has no answer yet. */
    void refuse(Refusal refusal) {
      Refusal told = appending ? Refusal.UNDETERMINED : refusal;
      commands.forEach(pending -> pending.complete(Submission.refused(told)));
    }

    /** Answers each command; {@code replies} are in their order. */
    void complete(LogPosition position, List<R> replies) {
      for (int i = 0; i < commands.size(); i++) {
        commands.get(i).complete(new Submission.Committed<>(position, replies.get(i)));
      }
    }
  }

  /**
   * Returns a new pending command, which waits for its entry; or null when there are too many.
   *
   * @param executor where its answer runs; while that refuses, on the executor of all
   */
  Pending tryAdd(LogFrame frame, Executor executor) {
    if (!room.tryAcquire()) {
      return null;
    }
    Pending pending = new Pending(frame, executor);
    unanswered.add(pending);
    Refusal refusal;
    synchronized (waiting) {
      refusal = closed;
      if (refusal == null) {
        waiting.add(pending);
      }
    }
    if (refusal != null) {
      pending.complete(Submission.refused(refusal));
    }
    return pending;
  }

  /**
   * Begins the next entry, which is under way until {@link #ended}.
   *
   * @return null while another is under way, and when nothing waits
   */
  Entry tryBegin() {
    List<Pending> batch = new ArrayList<>();
    synchronized (waiting) {
      if (underWay || waiting.isEmpty()) {
        return null;
      }
      underWay = true;
      Pending first = waiting.poll();
      batch.add(first);
      long bytes = bytesOf(first);
      boolean fits = first.frame.kind() == LogFrame.Kind.COMMAND;
      while (fits && !waiting.isEmpty() && batch.size() < MAX_BATCH) {
        Pending next = waiting.peek();
        bytes += bytesOf(next);
        fits = next.frame.kind() == LogFrame.Kind.COMMAND && bytes <= maxBatchBytes;
        if (fits) {
          batch.add(waiting.poll());
        }
      }
    }
    Entry entry = new Entry(batch);
    entries.put(entry.callId, entry);
    return entry;
  }

  private long bytesOf(Pending pending) {
    return (long) Integer.BYTES + pending.frame.payload().length;
  }

  /** The entry is no longer under way, whatever became of it. */
  void ended(Entry entry) {
    entries.remove(entry.callId);
    synchronized (waiting) {
      underWay = false;
    }
  }

  /** Returns the entry with this number if it is under way, or null. */
  Entry find(long callId) {
    return entries.get(callId);
  }

  int size() {
    return unanswered.size();
  }

  /** Refuses all that is under way or waits, and all that comes. */
  void close(Refusal refusal) {
    List<Pending> never;
    synchronized (waiting) {
      closed = refusal;
      never = List.copyOf(waiting);
      waiting.clear();
    }
    never.forEach(pending -> pending.complete(Submission.refused(refusal)));
    entries.values().forEach(entry -> entry.refuse(refusal));
  }
}
