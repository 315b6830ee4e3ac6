package baton.controller.replication;

import java.util.List;

/**
 * Follows the state: a cache, accounting, the shadow. All methods are called from one thread of the
 * replicator's, in the order of the log. A follower that is slow is not waited for: when too many
 * deltas wait for it, they are dropped and it gets {@link #loaded} instead.
 *
 * @param <S> the state
 * @param <D> what changed
 */
public interface StateFollower<S, D> {

  /**
   * The state is {@code current}, however it came about: a start, a snapshot from the leader, or
   * deltas that were dropped. What was followed before is void.
   */
  void loaded(StateAt<S> current);

  /**
   * Commands were applied.
   *
   * @param current the state after them
   * @param deltas one for each command, in order, at least one. After a restart the commands since
   *     the last snapshot are applied again, and their deltas come again
   */
  void changed(StateAt<S> current, List<D> deltas);

  /** This replica leads from now on: it has applied all that earlier leaders have committed. */
  default void leading(long term) {}

  /** This replica no longer leads. */
  default void notLeading() {}
}
