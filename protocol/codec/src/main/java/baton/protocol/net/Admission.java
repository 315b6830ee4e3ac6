package baton.protocol.net;

import baton.protocol.type.Uid;

/**
 * The place among its user's requests that one connection takes, and gives back when it ends. It
 * may end before its request is judged. Any thread.
 */
final class Admission {
  private final Tally<Uid> users;
  private Uid holder;
  private boolean ended;

  /** What came of asking for a place. */
  enum Outcome {
    ADMITTED,
    /** The user has as many requests as one may. */
    FULL,
    /** Nobody waits for an answer any more. */
    ENDED
  }

  Admission(Tally<Uid> users) {
    this.users = users;
  }

  synchronized Outcome ask(Uid uid) {
    if (ended) {
      return Outcome.ENDED;
    }
    if (!users.tryTake(uid)) {
      return Outcome.FULL;
    }
    holder = uid;
    return Outcome.ADMITTED;
  }

  synchronized void end() {
    ended = true;
    if (holder != null) {
      users.giveBack(holder);
      holder = null;
    }
  }
}
