package baton.controller.scheduler;

/**
 * How much work a planning may do. Production bounds it by a deadline, tests by a count; either way
 * the scheduler itself reads no clock.
 */
@FunctionalInterface
public interface Budget {
  /** True while another job may be looked at; asked once before each, on the planning thread. */
  boolean allowsAnother();

  /** No bound. */
  static Budget unlimited() {
    return () -> true;
  }

  /** At most {@code jobs} jobs. */
  static Budget ofJobs(int jobs) {
    return new Budget() {
      private int left = jobs;

      @Override
      public boolean allowsAnother() {
        return left-- > 0;
      }
    };
  }
}
