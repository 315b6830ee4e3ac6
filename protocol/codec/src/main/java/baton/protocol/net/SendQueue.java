package baton.protocol.net;

import java.util.ArrayDeque;
import java.util.Queue;

/** Lets a bounded number of exchanges run at once and a bounded number wait, first come first. */
final class SendQueue {
  private final int maxRunning;
  private final int maxWaiting;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  SendQueue(int maxRunning, int maxWaiting) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /** Runs it on this thread now, or on that of a finished exchange later; false when full. */
  boolean offer(Runnable exchange) {
    synchronized (this) {
      if (running >= maxRunning) {
        return waiting.size() < maxWaiting && waiting.add(exchange);
      }
      running++;
    }
    exchange.run();
    return true;
  }

  /** An exchange that ran has finished. */
  void finished() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        running--;
        return;
      }
    }
    next.run();
  }

  synchronized int running() {
    return running;
  }

  synchronized int waiting() {
    return waiting.size();
  }
}
