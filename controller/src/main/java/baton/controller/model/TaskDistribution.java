package baton.controller.model;

/** How tasks are spread over nodes and sockets, numbered as on the wire (slurm.h, all releases). */
public final class TaskDistribution {
  public static final long CYCLIC = 0x0001;
  public static final long BLOCK = 0x0002;
  public static final long ARBITRARY = 0x0003;
  public static final long PLANE = 0x0004;
  public static final long SOCKET_BLOCK = 0x0020;
  public static final long SOCKET_FULL_CYCLIC = 0x0030;
  public static final long UNKNOWN = 0x2000;
  public static final long PACK_NODES = 0x800000;
  public static final long NO_PACK_NODES = 0x400000;

  private static final long BASE = 0xffff;
  private static final long FLAGS = 0xff0000;
  private static final long NODE = 0xf00f;
  private static final long SOCKET = 0xf0f0;
  private static final long LEVELS = 3;

  private TaskDistribution() {}

  /** The distribution without its flags. */
  public static long base(long distribution) {
    return distribution & BASE;
  }

  /** The same flags with another distribution. */
  public static long withBase(long distribution, long base) {
    return (distribution & FLAGS) | base;
  }

  /** How it goes over nodes. */
  public static boolean isCyclicOverNodes(long distribution) {
    return (distribution & NODE) == CYCLIC;
  }

  /** How it goes over the sockets of a node. */
  public static long overSockets(long distribution) {
    return distribution & SOCKET;
  }

  /** True for one that Slurm has: a word for nodes, and perhaps one for sockets and cores. */
  public static boolean isKnown(long distribution) {
    long base = base(distribution);
    if (base == ARBITRARY || base == PLANE) {
      return true;
    }
    long node = base & 0xf;
    long socket = (base >> 4) & 0xf;
    long core = (base >> 8) & 0xf;
    return (node == CYCLIC || node == BLOCK)
        && socket <= LEVELS
        && core <= LEVELS
        && (socket != 0 || core == 0)
        && base >> 12 == 0;
  }
}
