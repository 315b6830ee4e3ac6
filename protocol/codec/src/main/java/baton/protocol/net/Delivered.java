package baton.protocol.net;

/** The peer took a message that has no reply, and closed the connection. */
public record Delivered() implements SendOutcome {}
