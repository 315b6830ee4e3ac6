package baton.controller.replication.peer;

/** A controller cannot be a member as it is; the message says why, and what to do. */
public final class GroupRefused extends Exception {
  private static final long serialVersionUID = 1;

  GroupRefused(String message) {
    super(message);
  }
}
