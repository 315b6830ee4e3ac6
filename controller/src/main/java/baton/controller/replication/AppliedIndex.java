package baton.controller.replication;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * How far the log has been applied here, for those who wait for it. Thread-safe.
 *
 * <p>Who applies only looks at a field as long as nobody waits.
 */
final class AppliedIndex implements AutoCloseable {
  private volatile long applied = -1;
  private volatile boolean awaited;

  // guarded by this
  private final TreeMap<Long, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
  private boolean closed;

  /** All up to {@code index} has been applied, or has come with a snapshot. */
  void reached(long index) {
    applied = index;
    if (awaited) {
      List<CompletableFuture<Void>> due = new ArrayList<>();
      synchronized (this) {
        Iterator<Map.Entry<Long, List<CompletableFuture<Void>>>> lowest =
            waiting.entrySet().iterator();
        while (lowest.hasNext()) {
          Map.Entry<Long, List<CompletableFuture<Void>>> next = lowest.next();
          if (next.getKey() > index) {
            break;
          }
          due.addAll(next.getValue());
          lowest.remove();
        }
        awaited = !waiting.isEmpty();
      }
      due.forEach(future -> future.complete(null));
    }
  }

  /** Completes once {@code index} is applied, perhaps at once; fails when nothing will be. */
  CompletableFuture<Void> await(long index) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("stopped"));
      }
      waiting.computeIfAbsent(index, none -> new ArrayList<>(1)).add(future);
      awaited = true;
    }
    // what was reached before the field was set has looked at it in vain
    if (applied >= index) {
      future.complete(null);
      reached(applied);
    }
    return future;
  }

  @Override
  public void close() {
    List<CompletableFuture<Void>> never = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting.values().forEach(never::addAll);
      waiting.clear();
    }
    never.forEach(future -> future.completeExceptionally(new IllegalStateException("stopped")));
  }
}
