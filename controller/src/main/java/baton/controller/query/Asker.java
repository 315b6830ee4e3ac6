package baton.controller.query;

import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Instant;

/**
 * Who asks, and how.
 *
 * @param uid the user
 * @param operator true for an operator, SlurmUser or root, who sees everything
 * @param release what the asker speaks
 * @param showFlags the SHOW_* bits of the question
 * @param now what time it is
 */
public record Asker(Uid uid, boolean operator, Release release, int showFlags, Instant now) {
  private static final int SHOW_ALL = 0x1;
  private static final int SHOW_DETAIL = 0x2;
  private static final int SHOW_FUTURE = 0x80;

  /** True if hidden partitions and their jobs and nodes are asked for too. */
  boolean all() {
    return (showFlags & SHOW_ALL) != 0;
  }

  /** True if a job's resources are asked for node by node. */
  boolean detail() {
    return (showFlags & SHOW_DETAIL) != 0;
  }

  /** True if nodes for later use are asked for. */
  boolean future() {
    return (showFlags & SHOW_FUTURE) != 0;
  }
}
