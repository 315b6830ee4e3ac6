package baton.controller.lifecycle;

import baton.controller.model.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether nodes, all idle, suffice for a job with its constraint on their features. */
final class FeatureFit {
  /** A node that is large enough for a part of the job. */
  private record Candidate(String name, Set<String> features, int cpus, long weight, int order) {}

  private final Constraints wanted;
  private final Set<String> required;
  private final List<Candidate> candidates = new ArrayList<>();

  /**
   * @param required names of nodes that the job must have
   */
  FeatureFit(Constraints wanted, Set<String> required) {
    this.wanted = wanted;
    this.required = required;
  }

  /** Features in force on a node. */
  static Set<String> features(Node node) {
    return node.featuresActive() == null
        ? Set.of()
        : new HashSet<>(Arrays.asList(node.featuresActive().split(",", -1)));
  }

  /**
   * Adds a node.
   *
   * @param cpus that the job can use there
   * @param order the node's place in the cluster
   */
  void add(Node node, int cpus, int order) {
    candidates.add(
        new Candidate(
            node.name().value(), features(node), cpus, node.definition().weight(), order));
  }

  boolean isEmpty() {
    return candidates.isEmpty();
  }

  /** True if the nodes are enough. */
  boolean suffices(long leastNodes, long mostNodes, long minCpus) {
    Set<String> counted = counted();
    if (counted == null || (counted.isEmpty() && required.size() > mostNodes)) {
      return false;
    }
    Set<String> all = new HashSet<>(required);
    all.addAll(counted);
    long least = counted.isEmpty() ? leastNodes : Math.max(leastNodes, all.size());
    if (!counted.isEmpty() && least > mostNodes) {
      return false;
    }
    long cpus = counted.isEmpty() ? minCpus : Math.max(minCpus, all.size());
    if (wanted.alternatives() == 0 || wanted.isApart()) {
      return holds(candidates, all, least, cpus);
    }
    for (int i = 0; i < wanted.alternatives(); i++) {
      int alternative = i;
      List<Candidate> fit =
          candidates.stream()
              .filter(one -> all.contains(one.name()) || wanted.isOf(alternative, one.features()))
              .toList();
      if (holds(fit, all, least, cpus)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(List<Candidate> some, Set<String> all, long least, long minCpus) {
    long cpus = some.stream().mapToLong(Candidate::cpus).sum();
    long found = some.stream().filter(one -> all.contains(one.name())).count();
    return some.size() >= least && cpus >= minCpus && found == all.size();
  }

  /** The nodes that counts would take, the lightest first; null if there are too few. */
  private Set<String> counted() {
    Set<String> all = new HashSet<>();
    Set<String> needed = new HashSet<>();
    List<Candidate> order = new ArrayList<>(candidates);
    order.sort(Comparator.comparingLong(Candidate::weight).thenComparing(Candidate::order));
    for (Constraints.Count count : wanted.counts()) {
      Set<String> taken = new HashSet<>();
      Set<String> missing = new HashSet<>(needed);
      for (Candidate one : order) {
        boolean fits =
            count.accepts(one.features()) && !(count.apart() && all.contains(one.name()));
        boolean room = taken.size() + missing.size() < count.nodes();
        if (fits && (missing.remove(one.name()) || room)) {
          taken.add(one.name());
        }
      }
      if (!missing.isEmpty() || taken.size() < count.nodes()) {
        return null;
      }
      all.addAll(taken);
      if (!count.endsApart()) {
        needed.addAll(taken);
      }
    }
    return all;
  }
}
