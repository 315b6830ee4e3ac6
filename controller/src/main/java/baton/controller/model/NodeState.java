package baton.controller.model;

/**
 * A node's base state, numbered as on the wire (slurm.h, all releases); flags stand apart in {@link
 * NodeFlag}.
 */
public enum NodeState {
  /** Not heard from since the controller started. */
  UNKNOWN(0),
  /** Not usable. */
  DOWN(1),
  /** Usable; ALLOCATED and MIXED are derived from what jobs hold. */
  IDLE(2),
  /** All CPUs held; derived, never stored. */
  ALLOCATED(3),
  /** Unused by Slurm. */
  ERROR(4),
  /** Some CPUs held; derived, never stored. */
  MIXED(5),
  /** Defined for later use. */
  FUTURE(6);

  private static final NodeState[] VALUES = values();

  private final long value;

  NodeState(long value) {
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
  public static NodeState of(long value) {
    for (NodeState candidate : VALUES) {
      if (candidate.value == value) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no NodeState has the number " + value);
  }
}
