package baton.controller.replication;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The threads that a replicator runs beside Ratis' own. */
public final class Background {

  private Background() {}

  static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(task -> daemon(task, name));
  }

  /** Returns threads that are made as they are needed and end when they are not. */
  static ExecutorService threads(String name) {
    return Executors.newCachedThreadPool(task -> daemon(task, name));
  }

  /** Returns a timer with one thread. */
  public static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(task -> daemon(task, name));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits until what was handed to {@code executor} before is done. */
  static void awaitIdle(ExecutorService executor) {
    try {
      executor.submit(() -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an empty task failed", e);
    }
  }

  /** Lets what was handed in finish, within bounds. */
  static void stop(ExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
