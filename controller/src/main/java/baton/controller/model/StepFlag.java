package baton.controller.model;

/** How a step shares its job with other steps: bits numbered as on the wire (slurm.h). */
public final class StepFlag {
  /** --exact: CPUs that no other step uses. */
  public static final long EXCLUSIVE = 1;

  /** -k: a failing node does not end the step. */
  public static final long NO_KILL = 1 << 1;

  /** -O: more tasks than CPUs. */
  public static final long OVERCOMMIT = 1 << 2;

  /** Whole nodes, as far as the job has them. */
  public static final long WHOLE = 1 << 3;

  /** The shell of salloc that runs on the first node. */
  public static final long INTERACTIVE = 1 << 4;

  /** --overlap: what the step uses is not counted as used. */
  public static final long OVERLAP = 1 << 6;

  private StepFlag() {}
}
