package baton.controller.apply;

import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import java.util.List;

/**
 * What applying a command came to.
 *
 * @param next the state after it; the same reference as before if nothing changed
 * @param reply what the one who asked is told
 * @param delta what changed, for those who follow the state
 * @param owed what became owed to nodes; all of it also stands in {@code next}
 */
public record Outcome(ClusterState next, Reply reply, Delta delta, List<Effect> owed) {
  public Outcome {
    owed = List.copyOf(owed);
  }
}
