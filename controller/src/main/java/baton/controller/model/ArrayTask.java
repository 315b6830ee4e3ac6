package baton.controller.model;

import baton.protocol.type.JobId;
import java.util.Comparator;

/**
 * A task of an array, by the array's job id and its number in the array.
 *
 * @param array id of the array
 * @param task from 0
 */
public record ArrayTask(JobId array, long task) implements Comparable<ArrayTask> {
  private static final Comparator<ArrayTask> ORDER =
      Comparator.comparing(ArrayTask::array).thenComparingLong(ArrayTask::task);

  @Override
  public int compareTo(ArrayTask other) {
    return ORDER.compare(this, other);
  }
}
