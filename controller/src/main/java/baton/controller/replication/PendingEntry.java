package baton.controller.replication;

import baton.controller.replication.LogFrame.Stamp;
import java.util.List;

/** One log entry for one term, with the commands in it, until it is settled. Thread-safe. */
final class PendingEntry<R> {
  private final Stamp stamp;
  private final List<PendingCommand<R>> commands;
  private volatile boolean sentElsewhere;
  private volatile boolean loggedHere;
  private volatile long sendAgainNanos;

  /**
   * @param commands one frame, or several commands
   */
  PendingEntry(Stamp stamp, List<PendingCommand<R>> commands) {
    this.stamp = stamp;
    this.commands = List.copyOf(commands);
  }

  Stamp stamp() {
    return stamp;
  }

  List<PendingCommand<R>> commands() {
    return commands;
  }

  LogFrame frame() {
    PendingCommand<R> first = commands.get(0);
    return commands.size() == 1
        ? new LogFrame(first.kind(), stamp, first.payload())
        : new LogFrame(
            LogFrame.Kind.BATCH,
            stamp,
            LogFrame.batch(commands.stream().map(PendingCommand::payload).toList()));
  }

  /** It goes to another member: whether that logs it can only be told from what is applied. */
  void sentElsewhere() {
    sentElsewhere = true;
  }

  /** This member, which leads, puts it into its log. */
  void loggedHere() {
    loggedHere = true;
  }

  boolean isLoggedHere() {
    return loggedHere;
  }

  /** Whether only what is applied tells what becomes of it. */
  boolean isPerhapsLogged() {
    return sentElsewhere || loggedHere;
  }

  /** Unless it is settled by then, on the clock of {@link Pace}, the leader is asked once more. */
  void sendAgainAt(long nanos) {
    sendAgainNanos = nanos;
  }

  /** When the leader is asked once more, on the clock of {@link Pace}. */
  long sendAgainNanos() {
    return sendAgainNanos;
  }
}
