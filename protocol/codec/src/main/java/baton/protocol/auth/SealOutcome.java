package baton.protocol.auth;

/** What came of making a credential: the section to send, or why there is none. */
public sealed interface SealOutcome permits AuthSection, AuthRefusal {}
