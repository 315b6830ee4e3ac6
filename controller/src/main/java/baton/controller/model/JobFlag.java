package baton.controller.model;

/** Bits beside a job's base state, numbered as on the wire (slurm.h, all releases). */
public final class JobFlag {
  public static final long LAUNCH_FAILED = 1L << 8;
  public static final long REQUEUE = 1L << 10;
  public static final long REQUEUE_HOLD = 1L << 11;
  public static final long SPECIAL_EXIT = 1L << 12;
  public static final long RESIZING = 1L << 13;
  public static final long CONFIGURING = 1L << 14;
  public static final long COMPLETING = 1L << 15;
  public static final long STOPPED = 1L << 16;
  public static final long RECONFIG_FAIL = 1L << 17;
  public static final long POWER_UP_NODE = 1L << 18;
  public static final long REVOKED = 1L << 19;
  public static final long SIGNALING = 1L << 22;

  private JobFlag() {}
}
