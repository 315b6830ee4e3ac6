package baton.controller.snapshot;

/**
 * A place in the replicated log. Two replicas whose states are at the same position have equal
 * states (I4).
 *
 * @param term the Raft term in which the entry was written
 * @param index the entry's number, from 0; -1 before the first entry
 */
public record LogPosition(long term, long index) implements Comparable<LogPosition> {

  /** The position before the first entry. */
  public static final LogPosition BEFORE_FIRST = new LogPosition(0, -1);

  public LogPosition {
    if (term < 0 || index < -1) {
      throw new IllegalArgumentException("no such position: term " + term + ", index " + index);
    }
  }

  @Override
  public int compareTo(LogPosition other) {
    int byTerm = Long.compare(term, other.term);
    return byTerm != 0 ? byTerm : Long.compare(index, other.index);
  }

  @Override
  public String toString() {
    return term + ":" + index;
  }
}
