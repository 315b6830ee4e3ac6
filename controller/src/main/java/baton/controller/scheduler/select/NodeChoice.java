package baton.controller.scheduler.select;

import baton.controller.lifecycle.NodeCapacity;
import baton.controller.model.JobRequest;
import baton.controller.model.RequestFlag;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses nodes among offers as select/cons_tres does: required nodes first; then sets of
 * consecutive nodes of equal weight, lightest first, and among equals the tightest that suffices.
 */
final class NodeChoice {
  /** A run whose first node is still to come may be of any weight. */
  private static final long UNSET = -1;

  /**
   * As with slurmctld, a run that follows one of another weight is of none so far: required nodes
   * at its begin do not draw in those next to them.
   */
  private static final long NO_NODES_WEIGHT = -2;

  private final JobRequest request;
  private final boolean exclusive;
  private final Set<Integer> required;
  private final int minNodes;
  private final int maxNodes;
  private final int wantedNodes;

  /** CPUs taken, by the node's place in the cluster. */
  private final Map<Integer, Integer> taken = new TreeMap<>();

  private long missingCpus;
  private long mostCpus;
  private int missingNodes;
  private int minMissingNodes;
  private int nodesLeft;

  /** Nodes next to each other, of one weight. */
  private static final class Run {
    final List<NodeOffer> members = new ArrayList<>();
    int firstRequired = -1;
    long cpus;
    long weight = UNSET;
  }

  NodeChoice(
      JobRequest request,
      boolean exclusive,
      Set<Integer> required,
      int minNodes,
      int maxNodes,
      int wantedNodes) {
    this.request = request;
    this.exclusive = exclusive;
    this.required = required;
    this.minNodes = minNodes;
    this.maxNodes = maxNodes;
    this.wantedNodes = wantedNodes;
  }

  /**
   * Chooses.
   *
   * @param offers in the cluster's node order
   * @return CPUs by place in the cluster; null if the offers do not suffice
   */
  Map<Integer, Integer> choose(List<NodeOffer> offers) {
    if (offers.size() < minNodes || !offersRequired(offers)) {
      return null;
    }
    if (attempt(offers)) {
      return taken;
    }
    // Without its smallest nodes a set may still do: the rest fill up less quickly.
    int most = offers.stream().mapToInt(NodeOffer::cpus).max().orElse(0);
    List<NodeOffer> rest = offers;
    for (int size = 1; size < most && rest.size() > minNodes; size++) {
      int least = size;
      List<NodeOffer> larger =
          rest.stream()
              .filter(offer -> offer.cpus() > least || required.contains(offer.index()))
              .toList();
      if (larger.size() < minNodes) {
        return null;
      }
      if (larger.size() != rest.size() && attempt(larger)) {
        return taken;
      }
      rest = larger;
    }
    return null;
  }

  private boolean offersRequired(List<NodeOffer> offers) {
    Set<Integer> offered = new HashSet<>();
    offers.forEach(offer -> offered.add(offer.index()));
    return offered.containsAll(required);
  }

  private boolean attempt(List<NodeOffer> offers) {
    taken.clear();
    missingCpus = request.minCpus();
    mostCpus = request.maxCpus() != NoVal.NO_VAL ? request.maxCpus() : missingCpus;
    missingNodes = Math.max(minNodes, wantedNodes);
    minMissingNodes = minNodes;
    nodesLeft = maxNodes;
    if (required.size() > maxNodes) {
      return false;
    }
    for (NodeOffer offer : offers) {
      if (required.contains(offer.index())) {
        take(offer, offer.cpus());
      }
    }
    if (isMet()) {
      return true;
    }
    if ((request.bitFlags() & RequestFlag.SPREAD) != 0) {
      return spread(offers);
    }
    List<Run> runs = runs(offers);
    while (!runs.isEmpty() && nodesLeft > 0) {
      Run best = best(runs);
      if (best == null || (request.contiguous() && !suffices(best))) {
        break;
      }
      fill(best);
      if (isMet()) {
        return true;
      }
      runs.remove(best);
    }
    return missingCpus <= 0 && enoughNodes(0);
  }

  /** --spread-job: node after node, the lightest first, until each wanted one has something. */
  private boolean spread(List<NodeOffer> offers) {
    List<NodeOffer> order = new ArrayList<>(offers);
    order.removeIf(offer -> required.contains(offer.index()));
    order.sort(Comparator.comparingLong(offer -> offer.node().weight()));
    for (NodeOffer offer : order) {
      if (nodesLeft == 0 || isMet()) {
        break;
      }
      take(offer, offer.cpus());
    }
    return isMet() || (missingCpus <= 0 && minMissingNodes <= 0);
  }

  private boolean isMet() {
    return missingNodes <= 0 && missingCpus <= 0;
  }

  private boolean enoughNodes(int available) {
    int needed = wantedNodes > minNodes ? missingNodes + minNodes - wantedNodes : missingNodes;
    return available >= needed;
  }

  private boolean suffices(Run run) {
    return run.cpus >= missingCpus && enoughNodes(run.members.size());
  }

  private List<Run> runs(List<NodeOffer> offers) {
    List<Run> runs = new ArrayList<>();
    Run run = new Run();
    int previous = -2;
    for (NodeOffer offer : offers) {
      boolean gap = offer.index() != previous + 1;
      boolean heavier =
          !request.contiguous() && run.weight != UNSET && offer.node().weight() != run.weight;
      if (gap || heavier) {
        close(runs, run);
        run = new Run();
        run.weight = gap ? UNSET : NO_NODES_WEIGHT;
      }
      previous = offer.index();
      if (required.contains(offer.index())) {
        run.firstRequired = run.firstRequired < 0 ? offer.index() : run.firstRequired;
        continue;
      }
      run.members.add(offer);
      run.cpus += offer.cpus();
      run.weight = offer.node().weight();
    }
    close(runs, run);
    return runs;
  }

  private static void close(List<Run> runs, Run run) {
    if (!run.members.isEmpty()) {
      runs.add(run);
    }
  }

  private Run best(List<Run> runs) {
    Run best = null;
    boolean bestSuffices = false;
    boolean together = request.contiguous() && !required.isEmpty();
    for (Run run : runs) {
      if (together && run.firstRequired < 0) {
        continue;
      }
      boolean suffices = suffices(run);
      boolean better =
          best == null
              || (best.firstRequired < 0 && run.firstRequired >= 0)
              || run.weight < best.weight;
      if (!better && run.weight == best.weight) {
        better =
            (suffices && !bestSuffices)
                || (suffices && run.cpus < best.cpus)
                || (!suffices && run.cpus > best.cpus);
      }
      if (!better && request.contiguous()) {
        better = suffices && !bestSuffices;
      }
      if (better) {
        best = run;
        bestSuffices = suffices;
      }
    }
    long blocks = runs.stream().filter(run -> run.firstRequired >= 0).count();
    return together && blocks > 1 ? null : best;
  }

  private void fill(Run run) {
    List<NodeOffer> order = new ArrayList<>();
    if (run.firstRequired >= 0) {
      run.members.stream().filter(offer -> offer.index() > run.firstRequired).forEach(order::add);
      List<NodeOffer> below =
          run.members.stream().filter(offer -> offer.index() < run.firstRequired).toList();
      for (int i = below.size() - 1; i >= 0; i--) {
        order.add(below.get(i));
      }
    } else {
      NodeOffer alone = missingNodes <= 1 ? tightest(run) : null;
      order.addAll(alone == null ? run.members : List.of(alone));
    }
    for (NodeOffer offer : order) {
      if (nodesLeft == 0 || isMet()) {
        return;
      }
      boolean tooSmall = run.firstRequired < 0 && nodesLeft == 1 && offer.cpus() < missingCpus;
      if (!tooSmall) {
        take(offer, offer.cpus());
      }
    }
  }

  /** The smallest node that holds all that is missing; null if none does. */
  private NodeOffer tightest(Run run) {
    NodeOffer best = null;
    for (NodeOffer offer : run.members) {
      if (offer.cpus() >= missingCpus && (best == null || offer.cpus() < best.cpus())) {
        best = offer;
      }
    }
    return best;
  }

  private void take(NodeOffer offer, int offered) {
    int cpus = offered;
    if (!exclusive) {
      // Each later node is to have something, too.
      long reserved =
          (long) Math.max(minMissingNodes - 1, 0)
              * NodeCapacity.usedOfCore(request, offer.node().definition());
      long left = mostCpus - reserved;
      if (cpus > left) {
        cpus = (int) Math.max(left, Math.max(1, request.minCpusPerNode()));
      }
    }
    taken.put(offer.index(), cpus);
    missingCpus -= cpus;
    mostCpus -= cpus;
    missingNodes--;
    minMissingNodes--;
    nodesLeft--;
  }
}
