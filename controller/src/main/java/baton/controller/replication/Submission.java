package baton.controller.replication;

import baton.controller.snapshot.LogPosition;

/**
 * What became of a submitted command.
 *
 * @param <R> the reply of the replicated state
 */
public sealed interface Submission<R> {

  /**
   * The command is on the disks of a majority and has been applied here. It will never be undone.
   *
   * @param position where in the log it stands
   * @param reply what applying it answered
   */
  record Committed<R>(LogPosition position, R reply) implements Submission<R> {}

  /** The command was not committed as far as is known here. */
  record Refused<R>(Refusal refusal) implements Submission<R> {}

  /** Why a command was not committed. */
  enum Refusal {
    /** Too much is outstanding. Not in the log: try again later. */
    OVERLOADED,
    /** The command is longer than a log entry may be. Not in the log: do not try again. */
    TOO_LARGE,
    /** The disk of the replica that leads is nearly full. Not in the log: try again later. */
    NO_SPACE,
    /** Another replica leads, or none yet. Not in the log: ask the leader. */
    NOT_LEADER,
    /** The replica stops or has stopped. Not in the log. */
    STOPPED,
    /**
     * Leadership or the replica was lost while the command was under way. It may be in the log and
     * may yet be applied: look at the state before trying again.
     */
    UNDETERMINED
  }

  /** Returns a refusal. */
  static <R> Submission<R> refused(Refusal refusal) {
    return new Refused<>(refusal);
  }
}
