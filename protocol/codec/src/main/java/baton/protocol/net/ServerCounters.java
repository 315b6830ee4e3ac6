package baton.protocol.net;

import baton.protocol.auth.AuthRefusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What happened to a server's connections since it started. Any thread. */
public final class ServerCounters {
  /** Why a connection ended other than with an answer, or with an error of ours. */
  public enum Event {
    ACCEPTED,
    ANSWERED,
    CLOSED_WITHOUT_REPLY,
    TOO_MANY_FROM_ADDRESS,
    TOO_MANY_OF_USER,
    BAD_LENGTH,
    NO_ROOM,
    UNKNOWN_VERSION,
    UNKNOWN_TYPE,
    MALFORMED,
    ARRIVAL_TIMEOUT,
    HANDLER_TIMEOUT,
    WRITE_TIMEOUT,
    HANDLER_FAULT,
    NOT_ENCODABLE,
    DRAINING
  }

  private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
  private final Map<AuthRefusal.Reason, LongAdder> refusals =
      new EnumMap<>(AuthRefusal.Reason.class);

  ServerCounters() {
    for (Event event : Event.values()) {
      events.put(event, new LongAdder());
    }
    for (AuthRefusal.Reason reason : AuthRefusal.Reason.values()) {
      refusals.put(reason, new LongAdder());
    }
  }

  void count(Event event) {
    events.get(event).increment();
  }

  void count(AuthRefusal.Reason reason) {
    refusals.get(reason).increment();
  }

  public long of(Event event) {
    return events.get(event).sum();
  }

  /** Requests refused for that reason. */
  public long of(AuthRefusal.Reason reason) {
    return refusals.get(reason).sum();
  }
}
