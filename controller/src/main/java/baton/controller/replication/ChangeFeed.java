package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Hands what happens to the state to its followers, on one thread of its own. The thread that
 * applies only appends to a bounded list: deltas that do not fit are dropped, and the followers are
 * given the whole state instead.
 */
final class ChangeFeed<S, D> implements AutoCloseable {

  /** How many deltas may wait. */
  static final int MAX_WAITING = 65_536;

  private final FaultHandler faults;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition appended = lock.newCondition();

  /** Used by the feed's thread alone. */
  private final List<StateFollower<S, D>> followers = new ArrayList<>();

  // guarded by lock
  private final Deque<Runnable> events = new ArrayDeque<>();
  private List<D> deltas = new ArrayList<>();
  private StateAt<S> latest;
  private boolean loadWaiting;
  private boolean closed;

  ChangeFeed(FaultHandler faults) {
    this.faults = faults;
    this.thread = new Thread(this::run, "state-feed");
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** Adds a follower, which is given the whole state first when there is one. */
  void add(StateFollower<S, D> follower) {
    inLock(
        () -> {
          sealDeltas();
          StateAt<S> current = latest;
          events.add(
              () -> {
                followers.add(follower);
                if (current != null) {
                  deliver(follower, f -> f.loaded(current));
                }
              });
        });
  }

  /** The state came about other than by a command. */
  void loaded(StateAt<S> current) {
    inLock(
        () -> {
          deltas = new ArrayList<>();
          latest = current;
          if (!loadWaiting) {
            loadWaiting = true;
            events.add(this::deliverLoad);
          }
        });
  }

  /** Commands were applied. Never waits for a follower. */
  void changed(StateAt<S> current, List<D> news) {
    inLock(
        () -> {
          latest = current;
          if (deltas.size() + news.size() > MAX_WAITING) {
            loaded(current);
          } else {
            deltas.addAll(news);
          }
        });
  }

  void leading(long term) {
    inLock(
        () -> {
          sealDeltas();
          events.add(() -> deliverToAll(f -> f.leading(term)));
        });
  }

  void notLeading() {
    inLock(
        () -> {
          sealDeltas();
          events.add(() -> deliverToAll(StateFollower::notLeading));
        });
  }

  /** Stops after what is being delivered; the rest is dropped. */
  @Override
  public void close() {
    inLock(() -> closed = true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts the deltas so far before whatever event comes next. */
  private void sealDeltas() {
    if (!deltas.isEmpty()) {
      List<D> sealed = List.copyOf(deltas);
      StateAt<S> current = latest;
      deltas = new ArrayList<>();
      events.add(() -> deliverToAll(f -> f.changed(current, sealed)));
    }
  }

  private void inLock(Runnable change) {
    lock.lock();
    try {
      change.run();
      appended.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (Runnable event = next(); event != null; event = next()) {
      event.run();
    }
  }

  /** Waits for the next event; null when the feed is closed. */
  private Runnable next() {
    lock.lock();
    try {
      while (!closed && events.isEmpty() && deltas.isEmpty()) {
        appended.awaitUninterruptibly();
      }
      if (closed) {
        return null;
      }
      if (events.isEmpty()) {
        sealDeltas();
      }
      return events.poll();
    } finally {
      lock.unlock();
    }
  }

  /** Delivers the latest state, and with it all deltas that wait. */
  private void deliverLoad() {
    StateAt<S> current;
    lock.lock();
    try {
      loadWaiting = false;
      deltas = new ArrayList<>();
      current = latest;
    } finally {
      lock.unlock();
    }
    deliverToAll(f -> f.loaded(current));
  }

  private void deliverToAll(Consumer<StateFollower<S, D>> event) {
    followers.forEach(follower -> deliver(follower, event));
  }

  private void deliver(StateFollower<S, D> follower, Consumer<StateFollower<S, D>> event) {
    try {
      event.accept(follower);
    } catch (RuntimeException e) {
      faults.report("a follower of the state: " + follower.getClass().getSimpleName(), e);
    }
  }
}
