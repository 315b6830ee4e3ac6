package baton.controller.lifecycle.step;

import java.util.BitSet;

/** So many nodes that have so many CPUs together, those with an even share of them first. */
final class CpuCover {
  /** Above this share Slurm looks at the number of nodes alone. */
  private static final long MOST_CPUS_OF_A_NODE = 1024;

  private CpuCover() {}

  /**
   * Chooses in the order of the nodes.
   *
   * @param from where to choose
   * @param nodes how many, at least 1
   * @param cpus how many CPUs they must have
   * @param usable CPUs of each node
   * @return null if there are none such
   */
  static BitSet of(BitSet from, int nodes, long cpus, int[] usable) {
    long target = (cpus + nodes - 1) / nodes;
    if (cpus <= nodes || target > MOST_CPUS_OF_A_NODE) {
      return first(from, nodes);
    }
    BitSet picked = new BitSet();
    int[] countByCpus = new int[(int) target];
    long missing = cpus;
    int left = nodes;
    for (int n = from.nextSetBit(0); n >= 0; n = from.nextSetBit(n + 1)) {
      if (usable[n] < target) {
        countByCpus[usable[n]]++;
        continue;
      }
      picked.set(n);
      missing -= usable[n];
      left--;
      if (left == 0) {
        return missing <= 0 ? picked : null;
      }
    }
    if (!largest(countByCpus, left, missing)) {
      return null;
    }
    for (int n = from.nextSetBit(0); n >= 0 && left > 0; n = from.nextSetBit(n + 1)) {
      if (usable[n] < target && countByCpus[usable[n]] > 0) {
        countByCpus[usable[n]]--;
        picked.set(n);
        missing -= usable[n];
        left--;
      }
    }
    return left == 0 && missing <= 0 ? picked : null;
  }

  private static BitSet first(BitSet from, int nodes) {
    if (from.cardinality() < nodes) {
      return null;
    }
    BitSet picked = new BitSet();
    from.stream().limit(nodes).forEach(picked::set);
    return picked;
  }

  /** Leaves in the counts only as many as are needed, of those with most CPUs. */
  private static boolean largest(int[] countByCpus, int nodes, long cpus) {
    int left = nodes;
    long missing = cpus;
    countByCpus[0] = 0;
    for (int c = countByCpus.length - 1; c > 0; c--) {
      countByCpus[c] = Math.min(countByCpus[c], left);
      left -= countByCpus[c];
      missing -= (long) countByCpus[c] * c;
    }
    return left == 0 && missing <= 0;
  }
}
