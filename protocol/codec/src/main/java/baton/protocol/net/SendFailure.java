package baton.protocol.net;

/**
 * Why there is no reply.
 *
 * @param reason for programs
 * @param detail for people
 */
public record SendFailure(Reason reason, String detail) implements SendOutcome {
  /** The kinds of failure; those before {@link #CLOSED} are certain not to have had an effect. */
  public enum Reason {
    /** The body cannot be told in the release of the peer. */
    NOT_ENCODABLE,
    /** There is no credential: munged is down, or too busy. */
    NO_CREDENTIAL,
    /** Too many messages wait to be sent. */
    TOO_MANY,
    /** Nobody listens there. */
    REFUSED,
    /** No connection within the time for it, or no way to the host. */
    UNREACHABLE,
    /** The client was closed. */
    STOPPED,
    /** The peer closed the connection without a reply; it may have acted. */
    CLOSED,
    /** No reply in time; the peer may have acted or may yet act. */
    TIMEOUT,
    /** A node that was to forward the message did not reach this one, or told nothing of it. */
    NOT_FORWARDED,
    /** The reply is not what Slurm sends. */
    MALFORMED,
    /** The reply's credential does not hold. */
    NOT_AUTHENTIC;

    /** Whether the peer may have received the message. */
    public boolean mayHaveArrived() {
      return compareTo(CLOSED) >= 0;
    }
  }
}
