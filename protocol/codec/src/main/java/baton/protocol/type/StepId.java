package baton.protocol.type;

/**
 * The number of a step within its job. Ordinary steps count from 0; the steps that Slurm makes by
 * itself have the reserved numbers below.
 *
 * @param value as it stands in a u32 on the wire: 0 to 0xffffffff
 */
public record StepId(long value) implements Comparable<StepId> {

  /** The step that srun gets inside an allocation made for interactive use. */
  public static final StepId INTERACTIVE = new StepId(0xfffffffaL);

  /** The step in which slurmd runs the batch script. */
  public static final StepId BATCH = new StepId(0xfffffffbL);

  /** The step that holds processes which entered the job from outside. */
  public static final StepId EXTERN = new StepId(0xfffffffcL);

  /** A step that waits for its resources and has no number yet. */
  public static final StepId PENDING = new StepId(0xfffffffdL);

  /** No step: the message means the whole job. */
  public static final StepId NONE = new StepId(NoVal.NO_VAL);

  public StepId {
    NoVal.requireU32(value, "StepId");
  }

  public static StepId of(long value) {
    return new StepId(value);
  }

  @Override
  public int compareTo(StepId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
