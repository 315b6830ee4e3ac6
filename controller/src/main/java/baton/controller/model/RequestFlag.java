package baton.controller.model;

/**
 * Bits of a job's description that go back and forth with it, numbered as on the wire (slurm.h,
 * bitflags of jobs, all releases).
 */
public final class RequestFlag {
  public static final long BACKFILL_TEST = 1L << 3;

  /** --spread-job: over as many nodes as it may have. */
  public static final long SPREAD = 1L << 8;

  public static final long KILL_HURRY = 1L << 10;

  /** Shown of a job that has ended, once its last step's usage was added up. */
  public static final long USAGE_ADDED_UP = 1L << 11;

  /** The user said how many tasks. */
  public static final long TASKS_GIVEN = 1L << 14;

  public static final long SIBLING_FLUSH = 1L << 12;
  public static final long WHOLE_NODE_TEST = 1L << 16;
  public static final long ACCRUE_OVER = 1L << 18;

  /** Shown of a job from its start to its end. */
  public static final long WAS_RUNNING = 1L << 20;

  public static final long CRON_JOB = 1L << 22;

  /** The user said how much memory. */
  public static final long MEMORY_GIVEN = 1L << 23;

  /** Shown of a job that may not start yet because of others. */
  public static final long DEPENDENT = 1L << 29;

  /** Shown of a job that is in a partition because its owner named none. */
  public static final long PARTITION_ASSIGNED = 1L << 31;

  /**
   * --stepmgr, from 24.05: its steps are made on its first node; here the controller makes them.
   */
  public static final long STEPS_MADE_ON_NODE = 1L << 41;

  /** Shown from 26.05 of a job that may have as many nodes as it has tasks. */
  public static final long IMPLICIT_MAX_NODES = 1L << 47;

  /**
   * Bits that only the controller sets; from a client they are ignored. slurmctld ignores the last
   * too where steps cannot be made on nodes.
   */
  public static final long CONTROLLERS =
      BACKFILL_TEST
          | KILL_HURRY
          | USAGE_ADDED_UP
          | SIBLING_FLUSH
          | WHOLE_NODE_TEST
          | ACCRUE_OVER
          | WAS_RUNNING
          | STEPS_MADE_ON_NODE;

  private RequestFlag() {}
}
