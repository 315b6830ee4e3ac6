package baton.controller.dispatch;

import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of values with equal neighbours counted instead of repeated, as Slurm tells what it has to
 * say of each node of a job.
 */
final class Runs {
  private final List<List<Long>> values = new ArrayList<>();
  private final List<Long> repetitions = new ArrayList<>();

  void add(long... next) {
    List<Long> value = new ArrayList<>(next.length);
    for (long item : next) {
      value.add(item);
    }
    int last = values.size() - 1;
    if (last >= 0 && values.get(last).equals(value)) {
      repetitions.set(last, repetitions.get(last) + 1);
    } else {
      values.add(value);
      repetitions.add(1L);
    }
  }

  int size() {
    return values.size();
  }

  Ints ints(int column) {
    return Ints.copyOf(values.stream().map(value -> value.get(column).intValue()).toList());
  }

  Longs longs(int column) {
    return Longs.copyOf(values.stream().map(value -> value.get(column)).toList());
  }

  Longs repetitions() {
    return Longs.copyOf(repetitions);
  }
}
