package baton.protocol.type;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Sorting and joining of host ranges with exactly the result that Slurm shows.
 *
 * <p>In Slurm comparing two ranges may change the width of one of them, and where names of several
 * widths mix, the order is not transitive: the outcome depends on the sequence of comparisons. So
 * the sort here is the merge sort of glibc's qsort, step by step, on ranges whose width changes. In
 * one thing it differs: sorting overlapping ranges of mixed widths ({@code n09,n[7-11,8,5-10]})
 * makes Slurm lose hosts; here all are kept.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/hostlist.c, functions hostlist_sort,
 * hostlist_coalesce, hostlist_collapse, hostlist_uniq.
 */
final class HostRangeOrder {
  private HostRangeOrder() {}

  /** The two as one range if {@code next} begins right after {@code range}, else null. */
  static HostRange continued(HostRange range, HostRange next) {
    if (range.high() != next.low() - 1 || range.comparePrefix(next) != 0) {
      return null;
    }
    int width = range.commonWidth(next);
    return width < 0 ? null : range.withBounds(range.low(), next.high()).withWidth(width);
  }

  static List<HostRange> unique(List<HostRange> ranges) {
    HostRange[] sorted = mergeSorted(ranges);
    List<HostRange> unique = new ArrayList<>();
    for (HostRange next : sorted) {
      int last = unique.size() - 1;
      HostRange previous = last < 0 ? null : unique.get(last);
      int width =
          previous == null || previous.comparePrefix(next) != 0 ? -1 : previous.commonWidth(next);
      if (width < 0) {
        unique.add(next);
      } else if (previous.single() || previous.high() >= next.low() - 1) {
        // Equal single hosts, whose numbers are all 0, come this way too.
        long high = Math.max(previous.high(), next.high());
        unique.set(last, previous.withBounds(previous.low(), high).withWidth(width));
      } else {
        unique.set(last, previous.withWidth(width));
        unique.add(next.withWidth(width));
      }
    }
    return unique;
  }

  static List<HostRange> sorted(List<HostRange> ranges) {
    if (ranges.size() <= 1) {
      return ranges;
    }
    List<HostRange> list = new ArrayList<>(List.of(mergeSorted(ranges)));
    splitOverlaps(list);
    List<HostRange> joined = new ArrayList<>(list.size());
    // From the end, as the width that two ranges agree on decides whether the third joins.
    for (int i = list.size() - 1; i >= 0; i--) {
      int last = joined.size() - 1;
      HostRange both = last < 0 ? null : continued(list.get(i), joined.get(last));
      if (both == null) {
        joined.add(list.get(i));
      } else {
        joined.set(last, both);
      }
    }
    Collections.reverse(joined);
    return joined;
  }

  /** Makes hosts that overlapping neighbours share stand one by one, each as often as it came. */
  private static void splitOverlaps(List<HostRange> list) {
    int i = list.size() - 1;
    while (i > 0) {
      HostRange previous = list.get(i - 1);
      HostRange next = list.get(i);
      boolean overlap =
          !previous.single()
              && !next.single()
              && previous.low() <= next.low()
              && previous.high() > next.low()
              && previous.comparePrefix(next) == 0;
      int width = overlap ? previous.commonWidth(next) : -1;
      if (width < 0) {
        i--;
        continue;
      }
      long low = next.low();
      long high = Math.min(previous.high(), next.high());
      HostRange before = previous.withBounds(previous.low(), low).withWidth(width);
      HostRange after =
          next.withBounds(high, Math.max(next.high(), previous.high())).withWidth(width);
      List<HostRange> between = new ArrayList<>();
      for (long n = low; n <= high; n++) {
        HostRange one = after.withBounds(n, n);
        if (n > low) {
          between.add(one);
        }
        if (n < high) {
          between.add(one);
        }
      }
      list.set(i - 1, before);
      list.set(i, after);
      list.addAll(i, between);
      // Pairs further right are unchanged and do not overlap; the new ones may.
      i = Math.min(list.size() - 1, i + between.size() + 1);
    }
  }

  private static HostRange[] mergeSorted(List<HostRange> ranges) {
    HostRange[] sorted = ranges.toArray(new HostRange[0]);
    mergeSort(sorted, 0, sorted.length, new HostRange[sorted.length]);
    return sorted;
  }

  private static void mergeSort(HostRange[] list, int start, int count, HostRange[] space) {
    if (count <= 1) {
      return;
    }
    int half = count / 2;
    mergeSort(list, start, half, space);
    mergeSort(list, start + half, count - half, space);
    int left = start;
    int leftEnd = start + half;
    int right = leftEnd;
    int end = start + count;
    int out = 0;
    while (left < leftEnd && right < end) {
      if (compare(list, left, right) <= 0) {
        space[out++] = list[left++];
      } else {
        space[out++] = list[right++];
      }
    }
    while (left < leftEnd) {
      space[out++] = list[left++];
    }
    System.arraycopy(space, 0, list, start, out);
  }

  /** Compares two elements and, where their widths can agree, makes them agree. */
  private static int compare(HostRange[] list, int a, int b) {
    int order = list[a].compareTo(list[b]);
    if (list[a].comparePrefix(list[b]) == 0) {
      int width = list[a].commonWidth(list[b]);
      if (width >= 0) {
        list[a] = list[a].withWidth(width);
        list[b] = list[b].withWidth(width);
      }
    }
    return order;
  }
}
