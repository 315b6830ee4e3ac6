package baton.controller.clock;

/**
 * Background work done in small steps: the scheduler, the dispatcher. A runner calls {@link
 * #doWork()} again and again from one thread; a test or a simulation calls it from its own.
 */
public interface Agent {

  /**
   * Does what is due now and returns without waiting.
   *
   * @return how many things were done; zero lets the runner rest until it is woken or its rest time
   *     is over
   */
  int doWork();

  /** Returns the name of the role, which becomes the name of its thread. */
  String roleName();

  /**
   * How long the runner may rest at most after a {@link #doWork()} that had nothing to do; asked on
   * the runner's thread. Only what is shorter than the runner's own rest time makes a difference.
   */
  default long restNanos() {
    return Long.MAX_VALUE;
  }

  /** Called once by the runner's thread before the first {@link #doWork()}. */
  default void onStart() {}

  /** Called once by the runner's thread after the last {@link #doWork()}. */
  default void onClose() {}
}
