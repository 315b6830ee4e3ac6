package baton.controller.replication;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a reader through once the state here holds all that anybody was told before the reader came
 * (ADR 0035). The leader proves that it leads; another member asks it how far the log is committed,
 * and waits until it has applied that much.
 *
 * <p>One question is under way at a time: those who come meanwhile share the next. Thread-safe.
 */
final class ReadBarrier implements AutoCloseable {
  private static final long AGAIN_MILLIS = 20;

  private final Supplier<Lead> lead;
  private final LeadProof proof;
  private final AppliedIndex applied;
  private final int maxWaiting;
  private final ScheduledExecutorService timer = Background.timer("read-barrier");

  // guarded by this
  private List<Reader> waiting = new ArrayList<>();
  private boolean underWay;
  private boolean closed;

  /** One who waits; told true when it may read. */
  private record Reader(long deadlineNanos, CompletableFuture<Boolean> told) {
    boolean isOverdue() {
      return System.nanoTime() - deadlineNanos > 0;
    }
  }

  /**
   * @param maxWaiting how many may wait at once
   */
  ReadBarrier(Supplier<Lead> lead, LeadProof proof, AppliedIndex applied, int maxWaiting) {
    this.lead = lead;
    this.proof = proof;
    this.applied = applied;
    this.maxWaiting = maxWaiting;
  }

  /**
   * Completes with true when what is read here from now on is current; with false when that is not
   * known within the time, or too many wait already.
   */
  CompletionStage<Boolean> pass(Duration patience) {
    if (lead.get().own() && proof.isAlone()) {
      return CompletableFuture.completedStage(true);
    }
    Reader reader = new Reader(System.nanoTime() + patience.toNanos(), new CompletableFuture<>());
    synchronized (this) {
      if (closed || waiting.size() >= maxWaiting) {
        return CompletableFuture.completedStage(false);
      }
      waiting.add(reader);
      if (underWay) {
        return reader.told();
      }
      underWay = true;
    }
    ask();
    return reader.told();
  }

  private void ask() {
    List<Reader> asking;
    synchronized (this) {
      asking = waiting;
      waiting = new ArrayList<>();
    }
    Lead now = lead.get();
    CompletableFuture<Long> index;
    if (now.own()) {
      index = proof.committedIndex();
    } else if (now.isKnown()) {
      index = proof.committedIndexAt(now.leader());
    } else {
      index = CompletableFuture.failedFuture(new IllegalStateException("no leader is known"));
    }
    CompletableFuture<Long> unused =
        index.whenComplete(
            (committed, failure) -> {
              if (failure == null) {
                asking.forEach(reader -> follow(reader, committed));
                next(false);
              } else {
                keep(asking);
                next(true);
              }
            });
  }

  /** Lets the reader through once that much is applied. */
  private void follow(Reader reader, long committed) {
    CompletableFuture<Void> reached = applied.await(committed);
    if (!reached.isDone()) {
      later(() -> reader.told().complete(false), reader.deadlineNanos() - System.nanoTime());
    }
    CompletableFuture<Void> unused =
        reached.whenComplete((nothing, failure) -> reader.told().complete(failure == null));
  }

  private void keep(List<Reader> readers) {
    List<Reader> refused = new ArrayList<>();
    synchronized (this) {
      for (Reader reader : readers) {
        (closed || reader.isOverdue() ? refused : waiting).add(reader);
      }
    }
    refused.forEach(reader -> reader.told().complete(false));
  }

  private void next(boolean afterFailure) {
    synchronized (this) {
      underWay = !waiting.isEmpty();
      if (!underWay) {
        return;
      }
    }
    later(this::ask, afterFailure ? TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS) : 0);
  }

  private void later(Runnable work, long nanos) {
    try {
      ScheduledFuture<?> unused = timer.schedule(work, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException stopped) {
      keep(List.of());
    }
  }

  /** Refuses all who wait. */
  @Override
  public void close() {
    List<Reader> refused;
    synchronized (this) {
      closed = true;
      refused = waiting;
      waiting = new ArrayList<>();
    }
    applied.close();
    timer.shutdownNow();
    refused.forEach(reader -> reader.told().complete(false));
  }
}
