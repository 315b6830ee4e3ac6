package baton.controller.replication;

import baton.controller.snapshot.LogPosition;
import java.util.Objects;

/**
 * A state and the position of the last log entry that it has seen.
 *
 * @param state the state
 * @param position its position
 */
public record StateAt<S>(S state, LogPosition position) {
  public StateAt {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(position, "position");
  }
}
