package baton.controller.dispatch;

/**
 * Wakes an agent when there is work. Made before the agent's runner, which is connected later; a
 * ring before that is not lost, since a runner begins with work.
 */
public final class Doorbell {
  private volatile Runnable listener;

  /** Who is woken from now on. */
  public void connect(Runnable wakeUp) {
    listener = wakeUp;
  }

  /** From any thread; never blocks for long. */
  public void ring() {
    Runnable current = listener;
    if (current != null) {
      current.run();
    }
  }
}
