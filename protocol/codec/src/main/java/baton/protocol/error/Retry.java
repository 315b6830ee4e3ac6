package baton.protocol.error;

/** Whether asking again, unchanged, can help. */
public enum Retry {
  NEVER,
  LATER
}
