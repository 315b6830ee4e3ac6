package baton.protocol.auth;

/**
 * A credential that holds for its message.
 *
 * @param caller who made it
 * @param digest the digest the caller uses; a 22.05 peer wants the reply in the same
 */
public record Verified(Caller caller, DigestType digest) implements VerifyOutcome {}
