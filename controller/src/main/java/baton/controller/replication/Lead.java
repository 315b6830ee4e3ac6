package baton.controller.replication;

import org.apache.ratis.protocol.RaftPeerId;

/**
 * Who leads, as far as is known here.
 *
 * @param leader the member that leads; null when none is known
 * @param term the term of its lead
 * @param own whether it is this member, and it has applied all that was committed before
 */
record Lead(RaftPeerId leader, long term, boolean own) {
  static final Lead NONE = new Lead(null, -1, false);

  boolean isKnown() {
    return leader != null;
  }
}
