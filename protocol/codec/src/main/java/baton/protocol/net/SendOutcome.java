package baton.protocol.net;

/** What became of a message that was sent to a peer. */
public sealed interface SendOutcome permits Reply, Delivered, SendFailure {}
