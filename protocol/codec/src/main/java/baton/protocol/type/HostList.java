package baton.protocol.type;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A list of host names in Slurm's compressed form, such as {@code n[1-3,7],rack[0-1]n[01-10]}:
 * order and repetitions are kept until {@link #sorted()} or {@link #unique()} is asked for.
 *
 * <p>Immutable; safe on any thread. At most {@link #MAX_HOSTS} hosts.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/hostlist.c with one dimension. A suffix after
 * the last bracket ({@code n[1-2]-ib}) is accepted as 23.11 and later do; an unclosed or stray
 * bracket is refused, where 22.05 makes up a name; a number beyond 18 digits is part of the name.
 */
public final class HostList implements Iterable<String> {
  /** Most hosts that one list may hold; four times what the largest Slurm cluster has. */
  public static final int MAX_HOSTS = 256 * 1024;

  /** Most hosts in one range between brackets. */
  public static final int MAX_RANGE = 64 * 1024;

  /** Longest expression that is read, in characters. */
  public static final int MAX_EXPRESSION = 4 * 1024 * 1024;

  private static final HostList EMPTY = new HostList(List.of());

  private final List<HostRange> ranges;
  private final int size;

  private HostList(List<HostRange> ranges) {
    this.ranges = Collections.unmodifiableList(ranges);
    int hosts = 0;
    for (HostRange range : ranges) {
      hosts += range.count();
    }
    this.size = hosts;
  }

  public static HostList empty() {
    return EMPTY;
  }

  /**
   * Reads an expression; null and the empty string give the empty list.
   *
   * @throws HostListException if it is malformed or too large; nothing large is allocated then
   */
  public static HostList parse(String expression) throws HostListException {
    if (expression == null || expression.isEmpty()) {
      return EMPTY;
    }
    return new HostList(new HostListParser(expression).parse());
  }

  /**
   * The list of these names, in their order; names are taken as they are, brackets and all.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_HOSTS}
   */
  public static HostList of(Iterable<String> hosts) {
    Gatherer gatherer = new Gatherer();
    for (String host : hosts) {
      if (!gatherer.add(HostRange.ofHost(host))) {
        throw new IllegalArgumentException("more than " + MAX_HOSTS + " hosts");
      }
    }
    return new HostList(gatherer.ranges);
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Every host name, in order, repetitions included. */
  public List<String> hosts() {
    List<String> hosts = new ArrayList<>(size);
    for (String host : this) {
      hosts.add(host);
    }
    return hosts;
  }

  @Override
  public Iterator<String> iterator() {
    return new Iterator<>() {
      private int range;
      private int index;

      @Override
      public boolean hasNext() {
        return range < ranges.size();
      }

      @Override
      public String next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        HostRange current = ranges.get(range);
        String host = current.host(index);
        if (++index == current.count()) {
          range++;
          index = 0;
        }
        return host;
      }
    };
  }

  /** The position of the first host of that name, or -1. */
  public int indexOf(String host) {
    int before = 0;
    for (HostRange range : ranges) {
      int index = indexWithin(range, host);
      if (index >= 0) {
        return before + index;
      }
      before += range.count();
    }
    return -1;
  }

  public boolean contains(String host) {
    return indexOf(host) >= 0;
  }

  private static int indexWithin(HostRange range, String host) {
    if (range.single()) {
      return range.prefix().equals(host) ? 0 : -1;
    }
    int start = range.prefix().length();
    int digits = host.length() - start;
    if (digits < 1 || digits > HostRange.MAX_DIGITS || !host.startsWith(range.prefix())) {
      return -1;
    }
    for (int i = start; i < host.length(); i++) {
      if (!HostRange.isDigit(host.charAt(i))) {
        return -1;
      }
    }
    long number = Long.parseLong(host, start, host.length(), 10);
    if (number < range.low() || number > range.high()) {
      return -1;
    }
    int index = (int) (number - range.low());
    return range.host(index).equals(host) ? index : -1;
  }

  /** The expression as Slurm prints it: neighbours of one prefix between one pair of brackets. */
  public String ranged() {
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < ranges.size()) {
      if (i > 0) {
        text.append(',');
      }
      HostRange first = ranges.get(i);
      int end = i + 1;
      while (end < ranges.size() && ranges.get(end).sharesBracketsWith(ranges.get(end - 1))) {
        end++;
      }
      boolean brackets = first.count() > 1 || end - i > 1;
      text.append(first.prefix()).append(brackets ? "[" : "");
      for (int k = i; k < end; k++) {
        if (k > i) {
          text.append(',');
        }
        ranges.get(k).appendNumbers(text);
      }
      text.append(brackets ? "]" : "");
      i = end;
    }
    return text.toString();
  }

  /**
   * In Slurm's order of hosts, repetitions kept (what {@code scontrol show hostlistsorted} shows).
   */
  public HostList sorted() {
    return new HostList(HostRangeOrder.sorted(ranges));
  }

  /** In Slurm's order of hosts, each host once. */
  public HostList unique() {
    return new HostList(HostRangeOrder.unique(ranges));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostList list && ranged().equals(list.ranged());
  }

  @Override
  public int hashCode() {
    return ranged().hashCode();
  }

  /** The same as {@link #ranged()}. */
  @Override
  public String toString() {
    return ranged();
  }

  /** Appends ranges, joining each to the one before it where it continues it; counts hosts. */
  static final class Gatherer {
    final List<HostRange> ranges = new ArrayList<>();
    private int hosts;

    /** False, and nothing added, if the list would grow beyond {@link #MAX_HOSTS}. */
    boolean add(HostRange range) {
      if (hosts > MAX_HOSTS - range.count()) {
        return false;
      }
      hosts += range.count();
      int last = ranges.size() - 1;
      HostRange joined = last < 0 ? null : HostRangeOrder.continued(ranges.get(last), range);
      if (joined == null) {
        ranges.add(range);
      } else {
        ranges.set(last, joined);
      }
      return true;
    }
  }
}
