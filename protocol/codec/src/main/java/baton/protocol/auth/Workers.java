package baton.protocol.auth;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Some threads and a bounded queue. What comes is handed to the thread that has rested the shortest
 * time, whose memory is in the processor's caches still; a queue that its threads wait at would
 * wake the one that has rested longest, and have it compete for the queue's lock besides. Threads
 * are started when they are first needed. Thread-safe.
 */
final class Workers {
  private final int threads;
  private final int queueLength;
  private final Function<Runnable, Thread> newThread;

  // guarded by this
  private final List<Thread> started = new ArrayList<>();
  private final Deque<Seat> idle = new ArrayDeque<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean closed;

  /** Where one thread rests. */
  private static final class Seat {
    private final Thread thread = Thread.currentThread();
    private volatile Runnable work;
    private volatile boolean released;
  }

  /**
   * @param threads the most threads
   * @param queueLength how much may wait for a thread
   * @param newThread makes a thread that runs what it is given; it is started here
   */
  Workers(int threads, int queueLength, Function<Runnable, Thread> newThread) {
    this.threads = threads;
    this.queueLength = queueLength;
    this.newThread = newThread;
  }

  /** Runs something soon; fails with {@link RejectedExecutionException} when there is no room. */
  void execute(Runnable work) {
    Thread toStart = null;
    Seat seat;
    synchronized (this) {
      if (closed) {
        throw new RejectedExecutionException("closed");
      }
      seat = idle.poll();
      if (seat != null) {
        seat.work = work;
      } else if (started.size() < threads) {
        toStart = newThread.apply(() -> serve(work));
        started.add(toStart);
      } else if (waiting.size() < queueLength) {
        waiting.add(work);
      } else {
        throw new RejectedExecutionException(queueLength + " wait already");
      }
    }
    if (seat != null) {
      LockSupport.unpark(seat.thread);
    } else if (toStart != null) {
      toStart.start();
    }
  }

  private void serve(Runnable first) {
    Seat own = new Seat();
    for (Runnable work = first; work != null; work = next(own)) {
      try {
        work.run();
      } catch (RuntimeException | Error broken) {
        // the thread is needed further
        own.thread.getUncaughtExceptionHandler().uncaughtException(own.thread, broken);
      }
    }
  }

  /** What is to be done next; null when that is nothing any more. */
  private Runnable next(Seat own) {
    synchronized (this) {
      Runnable work = waiting.poll();
      if (work != null || closed) {
        return work;
      }
      idle.push(own);
    }
    while (own.work == null && !own.released) {
      LockSupport.park(this);
    }
    Runnable work = own.work;
    own.work = null;
    return work;
  }

  /** How much waits for a thread. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** Takes nothing more, and waits until what was taken is done; interrupts it then. */
  void close(Duration patience) {
    List<Thread> ending;
    synchronized (this) {
      closed = true;
      for (Seat seat : idle) {
        seat.released = true;
        LockSupport.unpark(seat.thread);
      }
      idle.clear();
      ending = List.copyOf(started);
    }
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (Thread thread : ending) {
        long leftMillis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        if (thread != Thread.currentThread()) {
          thread.join(leftMillis);
        }
        if (thread.isAlive()) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException stopped) {
      ending.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }
}
