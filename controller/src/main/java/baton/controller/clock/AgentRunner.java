package baton.controller.clock;

import baton.controller.fault.FaultHandler;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs one {@link Agent} on a thread of its own. When the agent had nothing to do, the thread rests
 * until {@link #wakeUp()} or for the rest time, whichever is first; a wake-up during the work is
 * not lost. An exception out of the agent is reported to the fault handler, and the agent is called
 * again after a rest; an {@code Error} is fatal.
 */
public final class AgentRunner implements AutoCloseable {

  private final Agent agent;
  private final FaultHandler faults;
  private final long restNanos;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wakeUp;
  private volatile boolean running = true;

  /**
   * Creates a runner; {@link #start()} starts it.
   *
   * @param agent the work
   * @param rest the longest time between two calls, positive
   * @param faults where exceptions of the agent go
   */
  public AgentRunner(Agent agent, Duration rest, FaultHandler faults) {
    if (rest.isNegative() || rest.isZero()) {
      throw new IllegalArgumentException("rest must be positive: " + rest);
    }
    this.agent = agent;
    this.faults = faults;
    this.restNanos = rest.toNanos();
    this.thread = new Thread(this::run, agent.roleName());
    this.thread.setDaemon(true);
  }

  /** Starts the thread. To be called once. */
  public void start() {
    thread.start();
  }

  /** Makes the agent's next call come without a rest. From any thread, never blocks for long. */
  public void wakeUp() {
    lock.lock();
    try {
      wakeUp = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Stops after the call that is under way, and waits for the thread to end. */
  @Override
  public void close() {
    running = false;
    wakeUp();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    agent.onStart();
    try {
      while (running) {
        if (doWork() == 0) {
          rest(Math.min(restNanos, agent.restNanos()));
        }
      }
    } finally {
      agent.onClose();
    }
  }

  private int doWork() {
    try {
      return agent.doWork();
    } catch (RuntimeException e) {
      faults.report(agent.roleName(), e);
      return 0;
    } catch (Error e) {
      faults.fatal(agent.roleName(), e);
      throw e;
    }
  }

  private void rest(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!wakeUp && left > 0 && running) {
        left = woken.awaitNanos(left);
      }
      wakeUp = false;
    } catch (InterruptedException e) {
      running = false;
    } finally {
      lock.unlock();
    }
  }
}
