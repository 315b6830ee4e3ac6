package baton.protocol.net;

import baton.protocol.type.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic of Slurm's forwarding trees; pure. */
final class ForwardTree {
  private ForwardTree() {}

  /**
   * Splits nodes into at most {@code width} branches of nearly equal size, neighbours together; the
   * first of each is its head, which the message is sent to.
   */
  static <T> List<List<T>> branches(List<T> nodes, int width) {
    int count = Math.min(width, nodes.size());
    List<List<T>> branches = new ArrayList<>(count);
    int from = 0;
    for (int i = 0; i < count; i++) {
      int size = nodes.size() / count + (i < nodes.size() % count ? 1 : 0);
      branches.add(nodes.subList(from, from + size));
      from += size;
    }
    return branches;
  }

  /** Levels that a tree of that width needs below the sender; 1 when all are reached directly. */
  static int depth(int nodes, int width) {
    int depth = 1;
    long reached = width;
    long level = width;
    while (reached < nodes && width > 1) {
      level *= width;
      reached += level;
      depth++;
    }
    return width == 1 ? Math.max(1, nodes) : depth;
  }

  /** What the header tells the head of a branch to wait. */
  static Duration headerTimeout(Release release, int depth, Duration timeout) {
    return countsDepth(release) ? timeout.multipliedBy(2L * depth) : timeout;
  }

  /**
   * How long the head of a branch is waited for: longer than it waits for those below it.
   *
   * @param behind nodes that the head passes the message on to
   */
  static Duration patience(Release release, int behind, int width, int depth, Duration timeout) {
    if (behind == 0) {
      return timeout;
    }
    if (countsDepth(release)) {
      return timeout.multipliedBy(2L * depth);
    }
    int steps = (behind + 1) / width;
    return timeout.multipliedBy(2L * steps + 1);
  }

  // from 24.11 the header says how deep the tree is, and times are shared out by depth; before,
  // each level made its own from the number of nodes below it (src/common/forward.c)
  private static boolean countsDepth(Release release) {
    return release.atLeast(Release.V24_11);
  }
}
