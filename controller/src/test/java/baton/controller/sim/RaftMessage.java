package baton.controller.sim;

import java.util.List;

/** What members of the group say to each other. */
sealed interface RaftMessage {
  long term();

  int from();

  /** Asks for a vote; says how new the candidate's log is. */
  record AskVote(long term, int from, long lastIndex, long lastTerm) implements RaftMessage {}

  record Vote(long term, int from, boolean given) implements RaftMessage {}

  /** Entries, or none as a heartbeat. */
  record Append(
      long term,
      int from,
      long previousIndex,
      long previousTerm,
      List<Disk.Entry> entries,
      long committed,
      long round)
      implements RaftMessage {}

  record Install(long term, int from, Disk.Snapshot snapshot, long round) implements RaftMessage {}

  /**
   * The answer to both.
   *
   * @param match the last entry that agrees and is on disk; where {@code taken} is false, where to
   *     look for one that agrees
   */
  record Appended(long term, int from, boolean taken, long match, long round)
      implements RaftMessage {}
}
