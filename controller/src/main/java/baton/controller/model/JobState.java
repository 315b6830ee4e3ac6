package baton.controller.model;

/**
 * A job's base state, numbered as on the wire (slurm.h, all releases); flags stand apart in {@link
 * JobFlag}.
 */
public enum JobState {
  /** Queued, waiting for its start. */
  PENDING(0),
  /** Has its allocation. */
  RUNNING(1),
  /** Has its allocation, processes stopped. */
  SUSPENDED(2),
  /** Ended with exit code 0. */
  COMPLETE(3),
  /** Ended by a user or administrator. */
  CANCELLED(4),
  /** Ended with another exit code. */
  FAILED(5),
  /** Ended at its time limit. */
  TIMEOUT(6),
  /** Ended because a node failed. */
  NODE_FAIL(7),
  /** Ended for another job. */
  PREEMPTED(8),
  /** Ended because a node did not boot. */
  BOOT_FAIL(9),
  /** Ended at its deadline. */
  DEADLINE(10),
  /** Ended for want of memory. */
  OUT_OF_MEMORY(11);

  private static final JobState[] VALUES = values();

  private final long value;

  JobState(long value) {
    this.value = value;
  }

  /** The number that Slurm, or the log, knows it by. */
  public long value() {
    return value;
  }

  /**
   * The constant of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static JobState of(long value) {
    for (JobState candidate : VALUES) {
      if (candidate.value == value) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no JobState has the number " + value);
  }
}
