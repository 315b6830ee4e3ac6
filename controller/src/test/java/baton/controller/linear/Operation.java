package baton.controller.linear;

/**
 * One operation: it took effect at a single moment between call and return.
 *
 * @param label who did it, for people
 * @param action what was asked, and what was answered
 * @param callNanos when it began, on the clock of the whole history
 * @param returnNanos when the answer came; {@link #OPEN} when none came: then it took effect at any
 *     moment after the call, or never will
 */
record Operation<A>(String label, A action, long callNanos, long returnNanos) {
  static final long OPEN = Long.MAX_VALUE;

  Operation {
    if (returnNanos < callNanos) {
      throw new IllegalArgumentException(label + " returns before it is called");
    }
  }

  boolean isSettled() {
    return returnNanos != OPEN;
  }

  /** The same, as if no answer had come. */
  Operation<A> opened() {
    return new Operation<>(label, action, callNanos, OPEN);
  }
}
