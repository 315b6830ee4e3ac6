package baton.controller.model;

/** Bits beside a node's base state, numbered as on the wire (slurm.h, 22.05 to 26.05). */
public final class NodeFlag {
  public static final long RESERVED = 1L << 5;
  public static final long UNDRAIN = 1L << 6;
  public static final long CLOUD = 1L << 7;
  public static final long RESUME = 1L << 8;
  public static final long DRAIN = 1L << 9;
  public static final long COMPLETING = 1L << 10;
  public static final long NO_RESPOND = 1L << 11;
  public static final long POWERED_DOWN = 1L << 12;
  public static final long FAIL = 1L << 13;
  public static final long POWERING_UP = 1L << 14;
  public static final long MAINTENANCE = 1L << 15;
  public static final long REBOOT_REQUESTED = 1L << 16;
  public static final long REBOOT_CANCEL = 1L << 17;
  public static final long POWERING_DOWN = 1L << 18;
  public static final long DYNAMIC_FUTURE = 1L << 19;
  public static final long REBOOT_ISSUED = 1L << 20;
  public static final long PLANNED = 1L << 21;
  public static final long INVALID_REGISTRATION = 1L << 22;
  public static final long POWER_DOWN = 1L << 23;
  public static final long POWER_UP = 1L << 24;
  public static final long POWER_DRAIN = 1L << 25;
  public static final long DYNAMIC_NORM = 1L << 26;

  private NodeFlag() {}
}
