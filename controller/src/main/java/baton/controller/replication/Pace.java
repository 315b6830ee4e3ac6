package baton.controller.replication;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The clock and the timer of what waits for the log; a simulation brings its own. Thread-safe. */
interface Pace extends AutoCloseable {
  /** Returns nanoseconds since an arbitrary origin, never running backwards. */
  long nanoTime();

  /** Runs something after a while, unless it was closed by then. */
  void after(Duration wait, Runnable work);

  @Override
  void close();

  /** Returns that of this machine, with a thread of its own. */
  static Pace ofMachine(String name) {
    ScheduledExecutorService timer = Background.timer(name);
    return new Pace() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void after(Duration wait, Runnable work) {
        try {
          ScheduledFuture<?> unused = timer.schedule(work, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
          // what would have been looked at is refused by who closes
        }
      }

      @Override
      public void close() {
        timer.shutdownNow();
      }
    };
  }
}
