package baton.controller.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What really uses a node, as the node itself says. */
final class NodeBook {
  /** A script, from its start until its node has cleaned up after it. */
  static final class Use {
    final long job;
    final int restartCount;
    final BitSet cores;
    final long memoryMiB;
    boolean over;

    /** The cluster had given the node up while this was there: its epilog is not awaited. */
    boolean orphan;

    Use(long job, int restartCount, BitSet cores, long memoryMiB) {
      this.job = job;
      this.restartCount = restartCount;
      this.cores = cores;
      this.memoryMiB = memoryMiB;
    }
  }

  final String name;
  final List<Use> uses = new ArrayList<>();

  NodeBook(String name) {
    this.name = name;
  }

  Use find(long job, int restartCount) {
    for (Use use : uses) {
      if (use.job == job && use.restartCount == restartCount) {
        return use;
      }
    }
    return null;
  }

  /** A use that stands in the way of another, or null. */
  Use inTheWay(Use next, long memoryOfNode) {
    long memory = next.memoryMiB;
    for (Use use : uses) {
      if (!(use.orphan && use.over)) {
        memory += use.memoryMiB;
        if (use.cores.intersects(next.cores) || memory > memoryOfNode) {
          return use;
        }
      }
    }
    return null;
  }
}
