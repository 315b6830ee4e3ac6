package baton.protocol.net;

import baton.protocol.auth.Authenticator;
import baton.protocol.type.Uid;

/** What all connections of one server share. */
record ServerContext(
    Authenticator authenticator,
    MessageHandler handler,
    ServerLimits limits,
    ServerCounters counters,
    ByteBudget budget,
    Tally<Uid> users) {
  ServerContext(Authenticator authenticator, MessageHandler handler, ServerLimits limits) {
    this(
        authenticator,
        handler,
        limits,
        new ServerCounters(),
        new ByteBudget(limits.maxBytesInFlight()),
        new Tally<>(limits.maxRequestsPerUid()));
  }
}
