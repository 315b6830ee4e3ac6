package baton.controller.scheduler.select;

import baton.controller.lifecycle.Constraints;
import baton.controller.model.JobRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses nodes where the constraint says more than which nodes will do: how many of a kind there
 * must be, or that all are of one kind. In slurmctld's order: first the nodes that counts want,
 * then those and the rest, of the first alternative that has enough.
 */
final class FeatureChoice {
  private final Pool pool;
  private final Constraints wanted;
  private final boolean exclusive;
  private final List<NodeOffer> offers;

  /**
   * @param offers nodes that the job may have, in the cluster's node order
   */
  FeatureChoice(Pool pool, Constraints wanted, boolean exclusive, List<NodeOffer> offers) {
    this.pool = pool;
    this.wanted = wanted;
    this.exclusive = exclusive;
    this.offers = offers;
  }

  /** Places in the cluster of the nodes that counts want; null if there are too few. */
  Set<Integer> counted(JobRequest request, int most) {
    Set<Integer> all = new HashSet<>();
    Set<Integer> needed = new HashSet<>();
    for (Constraints.Count count : wanted.counts()) {
      JobRequest.Builder part = request.toBuilder().minCpus(count.nodes()).minNodes(count.nodes());
      if (request.tasksPerNode() > 0) {
        part.taskCount((long) count.nodes() * request.tasksPerNode());
      }
      List<NodeOffer> fit =
          select(
              offer ->
                  count.accepts(pool.featuresOf(offer.node()))
                      && !(count.apart() && all.contains(offer.index())));
      int nodes = count.nodes();
      Map<Integer, Integer> taken = among(fit, part.build(), needed, nodes, most, nodes, false);
      if (taken == null) {
        return null;
      }
      all.addAll(taken.keySet());
      if (!count.endsApart()) {
        needed.addAll(taken.keySet());
      }
    }
    return all;
  }

  /**
   * Chooses all nodes of the job.
   *
   * @param required nodes that must be among them, by their place in the cluster
   * @return CPUs by place in the cluster; null if the offers do not suffice
   */
  Map<Integer, Integer> choose(
      JobRequest request, Set<Integer> required, int least, int most, int wish) {
    return among(offers, request, required, least, most, wish, wanted.isApart());
  }

  private Map<Integer, Integer> among(
      List<NodeOffer> some,
      JobRequest request,
      Set<Integer> required,
      int least,
      int most,
      int wish,
      boolean mixed) {
    if (wanted.alternatives() == 0 || mixed) {
      return new NodeChoice(request, exclusive, required, least, most, wish).choose(some);
    }
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < wanted.alternatives(); i++) {
      int alternative = i;
      Set<Integer> found = new HashSet<>();
      for (NodeOffer offer : some) {
        if (wanted.isOf(alternative, pool.featuresOf(offer.node()))) {
          found.add(offer.index());
        }
      }
      // Required nodes may be of alternatives that were looked at before.
      seen.addAll(found);
      if (found.isEmpty() || !seen.containsAll(required)) {
        continue;
      }
      found.addAll(required);
      List<NodeOffer> fit = some.stream().filter(one -> found.contains(one.index())).toList();
      NodeChoice choice = new NodeChoice(request, exclusive, required, least, most, wish);
      Map<Integer, Integer> taken = choice.choose(fit);
      if (taken != null) {
        return taken;
      }
      seen.clear();
    }
    return null;
  }

  private List<NodeOffer> select(Predicate<NodeOffer> fits) {
    return offers.stream().filter(fits).toList();
  }
}
