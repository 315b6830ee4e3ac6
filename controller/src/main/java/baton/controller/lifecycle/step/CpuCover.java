package baton.controller.lifecycle.step;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * So many nodes that have so many CPUs together, those with an even share of them first.
 *
 * @param nodes their numbers
 * @param last the one that was chosen last
 */
record CpuCover(BitSet nodes, int last) {
  /** Above this share Slurm looks at the number of nodes alone. */
  private static final long MOST_CPUS_OF_A_NODE = 1024;

  /**
   * Chooses in the order of the nodes, from one of them on and then from the first.
   *
   * @param from where to choose
   * @param start number of the node to begin with; the first one if none follows
   * @param nodes how many, at least 1
   * @param cpus how many CPUs they must have
   * @param usable CPUs of each node
   * @return null if there are none such
   */
  static CpuCover of(BitSet from, int start, int nodes, long cpus, int[] usable) {
    int[] order = order(from, start);
    long target = (cpus + nodes - 1) / nodes;
    if (cpus <= nodes || target > MOST_CPUS_OF_A_NODE) {
      return first(order, nodes);
    }
    BitSet picked = new BitSet();
    int[] countByCpus = new int[(int) target];
    long missing = cpus;
    int left = nodes;
    for (int n : order) {
      if (usable[n] < target) {
        countByCpus[usable[n]]++;
        continue;
      }
      picked.set(n);
      missing -= usable[n];
      left--;
      if (left == 0) {
        return missing <= 0 ? new CpuCover(picked, n) : null;
      }
    }
    if (!largest(countByCpus, left, missing)) {
      return null;
    }
    int last = 0;
    for (int n : order) {
      if (left > 0 && usable[n] < target && countByCpus[usable[n]] > 0) {
        countByCpus[usable[n]]--;
        picked.set(n);
        missing -= usable[n];
        left--;
        last = n;
      }
    }
    return left == 0 && missing <= 0 ? new CpuCover(picked, last) : null;
  }

  private static int[] order(BitSet from, int start) {
    int begin = from.nextSetBit(start) < 0 ? 0 : start;
    return IntStream.concat(
            from.stream().filter(n -> n >= begin), from.stream().filter(n -> n < begin))
        .toArray();
  }

  private static CpuCover first(int[] order, int nodes) {
    if (order.length < nodes) {
      return null;
    }
    BitSet picked = new BitSet();
    Arrays.stream(order).limit(nodes).forEach(picked::set);
    return new CpuCover(picked, order[nodes - 1]);
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
