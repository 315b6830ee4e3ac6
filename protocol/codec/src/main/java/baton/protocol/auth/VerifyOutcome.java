package baton.protocol.auth;

/** What came of checking a credential: who called, or why it is not believed. */
public sealed interface VerifyOutcome permits Verified, AuthRefusal {}
