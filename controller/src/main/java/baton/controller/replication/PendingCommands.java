package baton.controller.replication;

import baton.controller.replication.LogFrame.Stamp;
import baton.controller.replication.PendingCommand.Reach;
import baton.controller.replication.Submission.Refusal;
import baton.controller.snapshot.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The commands that this process has submitted and not been answered. Bounded.
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

  private final long proposer;
  private final LongSupplier nanoTime;
  private final Map<Long, PendingEntry<R>> entries = new ConcurrentHashMap<>();
  private final Set<PendingCommand<R>> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicLong lastNumber = new AtomicLong();
  private final Semaphore room;
  private final int maxBatchBytes;
  private final Executor answers;

  // guarded by waiting
  private final Deque<PendingCommand<R>> waiting = new ArrayDeque<>();
  private boolean onItsWay;
  private Refusal closed;

  /**
   * @param proposer the number of this process, drawn when it started
   * @param nanoTime the clock of deadlines
   */
  PendingCommands(
      long proposer,
      int maxOutstanding,
      int maxCommandBytes,
      LongSupplier nanoTime,
      Executor answers) {
    this.proposer = proposer;
    this.nanoTime = nanoTime;
    this.room = new Semaphore(maxOutstanding);
    this.maxBatchBytes = Math.min(MAX_BATCH_BYTES, maxCommandBytes);
    this.answers = answers;
  }

  /**
   * Returns a new pending command, which waits for its entry; or null when there are too many.
   *
   * @param executor where its answer runs; while that refuses, on the executor of all
   */
  PendingCommand<R> tryAdd(
      LogFrame.Kind kind, byte[] payload, Reach reach, long deadlineNanos, Executor executor) {
    if (!room.tryAcquire()) {
      return null;
    }
    PendingCommand<R> pending = new PendingCommand<>(kind, payload, reach, deadlineNanos, executor);
    unanswered.add(pending);
    Refusal refusal;
    synchronized (waiting) {
      refusal = closed;
      if (refusal == null) {
        waiting.add(pending);
      }
    }
    if (refusal != null) {
      complete(pending, Submission.refused(refusal));
    }
    return pending;
  }

  /**
   * Begins the next entry, which is on its way until {@link #arrived}. Commands that only this
   * member may carry out are refused when it does not lead.
   *
   * @return null while another is on its way, while nobody leads, and when nothing waits
   */
  PendingEntry<R> tryBegin(Lead lead) {
    List<PendingCommand<R>> refused = new ArrayList<>();
    PendingEntry<R> entry = null;
    synchronized (waiting) {
      if (!lead.own()) {
        waiting.removeIf(pending -> pending.reach() == Reach.OWN_TERM && refused.add(pending));
      }
      if (!onItsWay && lead.isKnown() && !waiting.isEmpty()) {
        onItsWay = true;
        Stamp stamp = new Stamp(lead.term(), proposer, lastNumber.incrementAndGet());
        entry = new PendingEntry<>(stamp, nextBatch());
        entries.put(entry.stamp().number(), entry);
      }
    }
    refused.forEach(pending -> complete(pending, Submission.refused(Refusal.NOT_LEADER)));
    return entry;
  }

  private List<PendingCommand<R>> nextBatch() {
    List<PendingCommand<R>> batch = new ArrayList<>();
    PendingCommand<R> first = waiting.poll();
    batch.add(first);
    long bytes = bytesOf(first);
    boolean fits = first.kind() == LogFrame.Kind.COMMAND;
    while (fits && !waiting.isEmpty() && batch.size() < MAX_BATCH) {
      PendingCommand<R> next = waiting.peek();
      bytes += bytesOf(next);
      fits = next.kind() == LogFrame.Kind.COMMAND && bytes <= maxBatchBytes;
      if (fits) {
        batch.add(waiting.poll());
      }
    }
    return batch;
  }

  private long bytesOf(PendingCommand<R> pending) {
    return (long) Integer.BYTES + pending.payload().length;
  }

  /** The entry is no longer on its way, whatever became of it: the next may go. */
  void arrived() {
    synchronized (waiting) {
      onItsWay = false;
    }
  }

  /** The entry was certainly not logged: its commands go again, or are refused. */
  void notLogged(PendingEntry<R> entry, Refusal refusal) {
    if (entries.remove(entry.stamp().number()) != null) {
      again(entry, refusal);
    }
  }

  private void again(PendingEntry<R> entry, Refusal refusal) {
    List<PendingCommand<R>> refused = new ArrayList<>();
    synchronized (waiting) {
      for (int i = entry.commands().size() - 1; i >= 0; i--) {
        PendingCommand<R> pending = entry.commands().get(i);
        boolean repeats =
            closed == null
                && pending.reach() == Reach.ANY_LEADER
                && refusal == Refusal.NOT_LEADER
                && !pending.isOverdue(nanoTime.getAsLong());
        if (repeats) {
          waiting.addFirst(pending);
        } else {
          refused.add(pending);
        }
      }
    }
    refused.forEach(pending -> complete(pending, Submission.refused(refusal)));
  }

  /**
   * Nobody knows now whether the entry was logged. Who submitted as the leader is told so; the
   * other commands wait until it is settled.
   */
  void doubted(PendingEntry<R> entry) {
    for (PendingCommand<R> pending : entry.commands()) {
      if (pending.reach() == Reach.OWN_TERM) {
        complete(pending, Submission.refused(Refusal.UNDETERMINED));
      }
    }
  }

  private void complete(PendingCommand<R> pending, Submission<R> submission) {
    if (pending.tryAnswer()) {
      unanswered.remove(pending);
      room.release();
      pending.answer(submission, answers);
    }
  }

  /** Returns the entry with that number if it is not settled, or null. */
  PendingEntry<R> find(long number) {
    return entries.get(number);
  }

  /** Returns this process' entry with that stamp if it is not settled, or null. */
  PendingEntry<R> find(Stamp stamp) {
    return stamp.proposer() == proposer ? entries.get(stamp.number()) : null;
  }

  /** The entry was applied; {@code replies} are in the order of its commands. */
  void applied(Stamp stamp, LogPosition position, List<R> replies) {
    PendingEntry<R> entry = find(stamp);
    if (entry != null && entries.remove(stamp.number(), entry)) {
      for (int i = 0; i < entry.commands().size(); i++) {
        complete(entry.commands().get(i), new Submission.Committed<>(position, replies.get(i)));
      }
    }
  }

  /** Something of {@code term} was applied: entries for earlier ones never will be. */
  void termApplied(long term) {
    for (PendingEntry<R> entry : unsettled()) {
      if (entry.stamp().term() < term) {
        notLogged(entry, Refusal.NOT_LEADER);
      }
    }
  }

  /**
   * A snapshot of {@code term} from the leader has replaced the log here: nobody will tell whether
   * entries for that term or earlier ones are in it.
   */
  void skippedTo(long term) {
    for (PendingEntry<R> entry : unsettled()) {
      if (entry.stamp().term() <= term && entries.remove(entry.stamp().number(), entry)) {
        entry
            .commands()
            .forEach(pending -> complete(pending, Submission.refused(Refusal.UNDETERMINED)));
      }
    }
  }

  /** Refuses what has waited for its time. */
  void expire(long nowNanos) {
    List<PendingCommand<R>> waited = new ArrayList<>();
    synchronized (waiting) {
      for (Iterator<PendingCommand<R>> each = waiting.iterator(); each.hasNext(); ) {
        PendingCommand<R> pending = each.next();
        if (pending.isOverdue(nowNanos)) {
          waited.add(pending);
          each.remove();
        }
      }
    }
    waited.forEach(pending -> complete(pending, Submission.refused(Refusal.NOT_LEADER)));
    for (PendingEntry<R> entry : unsettled()) {
      for (PendingCommand<R> pending : entry.commands()) {
        if (pending.isOverdue(nowNanos)) {
          complete(pending, Submission.refused(Refusal.UNDETERMINED));
        }
      }
      if (entry.commands().stream().allMatch(PendingCommand::isAnswered)) {
        entries.remove(entry.stamp().number(), entry);
      }
    }
  }

  /** Entries that are not settled. */
  List<PendingEntry<R>> unsettled() {
    return List.copyOf(entries.values());
  }

  int size() {
    return unanswered.size();
  }

  /** Refuses all that is not answered, and all that comes. */
  void close(Refusal refusal) {
    List<PendingCommand<R>> never;
    synchronized (waiting) {
      closed = refusal;
      never = List.copyOf(waiting);
      waiting.clear();
    }
    never.forEach(pending -> complete(pending, Submission.refused(refusal)));
    for (PendingEntry<R> entry : entries.values()) {
      Refusal told = entry.isPerhapsLogged() ? Refusal.UNDETERMINED : refusal;
      entry.commands().forEach(pending -> complete(pending, Submission.refused(told)));
    }
    entries.clear();
  }
}
