package baton.controller.model;

/**
 * Where the launch of a batch script stands, so that a script is started at most once per requeue.
 */
public enum LaunchState {
  /** Nothing to launch: pending, or no script. */
  NONE(0),
  /** The launch is owed to the batch host and was not answered. */
  OWED(1),
  /** The leader was about to send it, and no answer is known: it may have reached the node. */
  SENDING(4),
  /** slurmd accepted the launch, or reported the script alive. */
  ACCEPTED(2),
  /** The script ended, or never will run. */
  ENDED(3);

  private static final LaunchState[] VALUES = values();

  private final long value;

  LaunchState(long value) {
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
  public static LaunchState of(long value) {
    for (LaunchState candidate : VALUES) {
      if (candidate.value == value) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no LaunchState has the number " + value);
  }
}
