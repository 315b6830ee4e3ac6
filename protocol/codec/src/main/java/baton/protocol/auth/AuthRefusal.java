package baton.protocol.auth;

/**
 * Why there is no caller, or no credential.
 *
 * @param reason for programs
 * @param detail for people; names no secret
 */
public record AuthRefusal(Reason reason, String detail) implements SealOutcome, VerifyOutcome {
  /** The kinds of refusal. */
  public enum Reason {
    /** The section is of a kind that this cluster does not use. */
    UNKNOWN_PLUGIN,
    /** Not a credential of this cluster: other key, damaged, or nonsense. */
    INVALID,
    EXPIRED,
    /** Made in the future. */
    REWOUND,
    REPLAYED,
    /** Meant for another user than us. */
    NOT_FOR_US,
    /** The credential is good, but made for another message. */
    OTHER_BODY,
    /** Nobody can be asked now: munged is down. */
    UNAVAILABLE,
    /** Too many wait already. */
    BUSY;
  }
}
