package baton.controller.replication;

import baton.controller.replication.LogFrame.Stamp;
import baton.controller.replication.Submission.Refusal;
import baton.controller.snapshot.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The commands that this process has submitted and not been answered. Bounded. The first answer
 * counts; answers run on the executor that each was submitted with, never on the thread that
 * applies as long as there is another.
 *
 * <p>One log entry is on its way at a time. What is submitted meanwhile waits, and goes together
 * into the next: a storm of commands shares entries, as it shares the fsync of each, while a lone
 * command waits for nobody.
 *
 * <p>An entry is for one term. It is settled when it is applied here, or when anything of a later
 * term is: by then all that the earlier term will ever have committed has been applied (ADR 0023).
 *
 * <p>Thread-safe.
 */
final class PendingCommands<R> {

  /** The most commands of one entry: what is applied before the state is published again. */
  static final int MAX_BATCH = 256;

  /** The most bytes of an entry of several commands. */
  static final int MAX_BATCH_BYTES = 1 << 20;

  private final long proposer = ThreadLocalRandom.current().nextLong();
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private final Set<Pending> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicLong lastNumber = new AtomicLong();
  private final Semaphore room;
  private final int maxBatchBytes;
  private final Executor answers;

  // guarded by waiting
  private final Deque<Pending> waiting = new ArrayDeque<>();
  private boolean onItsWay;
  private Refusal closed;

  PendingCommands(int maxOutstanding, int maxCommandBytes, Executor answers) {
    this.room = new Semaphore(maxOutstanding);
    this.maxBatchBytes = Math.min(MAX_BATCH_BYTES, maxCommandBytes);
    this.answers = answers;
  }

  /** Who may carry a command out. */
  enum Reach {
    /** This member while it leads, in the term in which it was submitted, and nobody later. */
    OWN_TERM,
    /** Whoever leads, now or a little later. */
    ANY_LEADER
  }

  /** One command that is not answered yet, or another frame. */
  final class Pending {
    private final LogFrame.Kind kind;
    private final byte[] payload;
    private final Reach reach;
    private final long deadlineNanos;
    private final Executor executor;
    private final CompletableFuture<Submission<R>> answer = new CompletableFuture<>();
    private final AtomicBoolean answered = new AtomicBoolean();

    private Pending(
        LogFrame.Kind kind, byte[] payload, Reach reach, long deadlineNanos, Executor executor) {
      this.kind = kind;
      this.payload = payload;
      this.reach = reach;
      this.deadlineNanos = deadlineNanos;
      this.executor = executor;
    }

    CompletableFuture<Submission<R>> answer() {
      return answer;
    }

    private boolean isOverdue(long nowNanos) {
      return nowNanos - deadlineNanos >= 0;
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

  /** One log entry for one term, with the commands in it. */
  final class Entry {
    private final Stamp stamp;
    private final List<Pending> commands;
    private volatile boolean sentElsewhere;
    private volatile boolean loggedHere;
    private volatile long sendAgainNanos;

    private Entry(long term, List<Pending> commands) {
      this.stamp = new Stamp(term, proposer, lastNumber.incrementAndGet());
      this.commands = List.copyOf(commands);
    }

    Stamp stamp() {
      return stamp;
    }

    LogFrame frame() {
      Pending first = commands.get(0);
      return commands.size() == 1
          ? new LogFrame(first.kind, stamp, first.payload)
          : new LogFrame(
              LogFrame.Kind.BATCH,
              stamp,
              LogFrame.batch(commands.stream().map(pending -> pending.payload).toList()));
    }

    /** It goes to another member: whether that logs it can only be told from what is applied. */
    void sentElsewhere() {
      sentElsewhere = true;
    }

    /** This member, which leads, puts it into its log. */
    void loggedHere() {
      loggedHere = true;
    }

    boolean isLoggedHere() {
      return loggedHere;
    }

    /** Whether only what is applied tells what becomes of it. */
    boolean isPerhapsLogged() {
      return sentElsewhere || loggedHere;
    }

    /** Unless it is settled within that time, the leader is asked once more. */
    void sendAgainAfter(long nanos) {
      sendAgainNanos = System.nanoTime() + nanos;
    }

    void sendAgainSoon() {
      sendAgainAfter(0);
    }

    long sendAgainNanos() {
      return sendAgainNanos;
    }
  }

  /**
   * Returns a new pending command, which waits for its entry; or null when there are too many.
   *
   * @param executor where its answer runs; while that refuses, on the executor of all
   */
  Pending tryAdd(
      LogFrame.Kind kind, byte[] payload, Reach reach, long deadlineNanos, Executor executor) {
    if (!room.tryAcquire()) {
      return null;
    }
    Pending pending = new Pending(kind, payload, reach, deadlineNanos, executor);
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
   * Begins the next entry, which is on its way until {@link #arrived}. Commands that only this
   * member may carry out are refused when it does not lead.
   *
   * @return null while another is on its way, while nobody leads, and when nothing waits
   */
  Entry tryBegin(Lead lead) {
    List<Pending> refused = new ArrayList<>();
    Entry entry = null;
    synchronized (waiting) {
      if (!lead.own()) {
        waiting.removeIf(pending -> pending.reach == Reach.OWN_TERM && refused.add(pending));
      }
      if (!onItsWay && lead.isKnown() && !waiting.isEmpty()) {
        onItsWay = true;
        entry = new Entry(lead.term(), nextBatch());
        entries.put(entry.stamp.number(), entry);
      }
    }
    refused.forEach(pending -> pending.complete(Submission.refused(Refusal.NOT_LEADER)));
    return entry;
  }

  private List<Pending> nextBatch() {
    List<Pending> batch = new ArrayList<>();
    Pending first = waiting.poll();
    batch.add(first);
    long bytes = bytesOf(first);
    boolean fits = first.kind == LogFrame.Kind.COMMAND;
    while (fits && !waiting.isEmpty() && batch.size() < MAX_BATCH) {
      Pending next = waiting.peek();
      bytes += bytesOf(next);
      fits = next.kind == LogFrame.Kind.COMMAND && bytes <= maxBatchBytes;
      if (fits) {
        batch.add(waiting.poll());
      }
    }
    return batch;
  }

  private long bytesOf(Pending pending) {
    return (long) Integer.BYTES + pending.payload.length;
  }

  /** The entry is no longer on its way, whatever became of it: the next may go. */
  void arrived() {
    synchronized (waiting) {
      onItsWay = false;
    }
  }

  /** The entry was certainly not logged: its commands go again, or are refused. */
  void notLogged(Entry entry, Refusal refusal) {
    if (entries.remove(entry.stamp.number()) != null) {
      again(entry, refusal);
    }
  }

  private void again(Entry entry, Refusal refusal) {
    List<Pending> refused = new ArrayList<>();
    synchronized (waiting) {
      for (int i = entry.commands.size() - 1; i >= 0; i--) {
        Pending pending = entry.commands.get(i);
        boolean repeats =
            closed == null
                && pending.reach == Reach.ANY_LEADER
                && refusal == Refusal.NOT_LEADER
                && !pending.isOverdue(System.nanoTime());
        if (repeats) {
          waiting.addFirst(pending);
        } else {
          refused.add(pending);
        }
      }
    }
    refused.forEach(pending -> pending.complete(Submission.refused(refusal)));
  }

  /**
   * Nobody knows now whether the entry was logged. Who submitted as the leader is told so; the
   * other commands wait until it is settled.
   */
  void doubted(Entry entry) {
    for (Pending pending : entry.commands) {
      if (pending.reach == Reach.OWN_TERM) {
        pending.complete(Submission.refused(Refusal.UNDETERMINED));
      }
    }
  }

  /** Returns the entry with that number if it is not settled, or null. */
  Entry find(long number) {
    return entries.get(number);
  }

  /** Returns this process' entry with that stamp if it is not settled, or null. */
  Entry find(Stamp stamp) {
    return stamp.proposer() == proposer ? entries.get(stamp.number()) : null;
  }

  /** The entry was applied; {@code replies} are in the order of its commands. */
  void applied(Stamp stamp, LogPosition position, List<R> replies) {
    Entry entry = find(stamp);
    if (entry != null && entries.remove(stamp.number(), entry)) {
      for (int i = 0; i < entry.commands.size(); i++) {
        entry.commands.get(i).complete(new Submission.Committed<>(position, replies.get(i)));
      }
    }
  }

  /** Something of {@code term} was applied: entries for earlier ones never will be. */
  void termApplied(long term) {
    for (Entry entry : unsettled()) {
      if (entry.stamp.term() < term) {
        notLogged(entry, Refusal.NOT_LEADER);
      }
    }
  }

  /**
   * A snapshot of {@code term} from the leader has replaced the log here: nobody will tell whether
   * entries for that term or earlier ones are in it.
   */
  void skippedTo(long term) {
    for (Entry entry : unsettled()) {
      if (entry.stamp.term() <= term && entries.remove(entry.stamp.number(), entry)) {
        entry.commands.forEach(
            pending -> pending.complete(Submission.refused(Refusal.UNDETERMINED)));
      }
    }
  }

  /** Refuses what has waited for its time. */
  void expire(long nowNanos) {
    List<Pending> waited = new ArrayList<>();
    synchronized (waiting) {
      for (Iterator<Pending> each = waiting.iterator(); each.hasNext(); ) {
        Pending pending = each.next();
        if (pending.isOverdue(nowNanos)) {
          waited.add(pending);
          each.remove();
        }
      }
    }
    waited.forEach(pending -> pending.complete(Submission.refused(Refusal.NOT_LEADER)));
    for (Entry entry : unsettled()) {
      for (Pending pending : entry.commands) {
        if (pending.isOverdue(nowNanos)) {
          pending.complete(Submission.refused(Refusal.UNDETERMINED));
        }
      }
      if (entry.commands.stream().allMatch(pending -> pending.answered.get())) {
        entries.remove(entry.stamp.number(), entry);
      }
    }
  }

  /** Entries that are not settled. */
  List<Entry> unsettled() {
    return List.copyOf(entries.values());
  }

  int size() {
    return unanswered.size();
  }

  /** Refuses all that is not answered, and all that comes. */
  void close(Refusal refusal) {
    List<Pending> never;
    synchronized (waiting) {
      closed = refusal;
      never = List.copyOf(waiting);
      waiting.clear();
    }
    never.forEach(pending -> pending.complete(Submission.refused(refusal)));
    for (Entry entry : entries.values()) {
      Refusal told = entry.isPerhapsLogged() ? Refusal.UNDETERMINED : refusal;
      entry.commands.forEach(pending -> pending.complete(Submission.refused(told)));
    }
    entries.clear();
  }
}
