package baton.controller.rpc;

import baton.protocol.message.MessageType;
import baton.protocol.net.Request;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many messages came in and how long they took, by type and by user, as {@code sdiag} shows
 * them. Users are bounded as slurmctld bounds them; those beyond are not counted. Any thread.
 */
public final class RpcCounters {
  private static final int MAX_USERS = 200;
  private static final int NANOS_PER_MICRO = 1000;

  private final Map<MessageType, Count> types = new EnumMap<>(MessageType.class);
  private final Map<Uid, Count> users = new HashMap<>();
  private Instant since;

  /** Messages and the microseconds that they took. */
  public record Count(long messages, long micros) {
    Count and(long moreMicros) {
      return new Count(messages + 1, micros + moreMicros);
    }
  }

  /** What was counted since then. */
  public record Reading(Instant since, Map<MessageType, Count> types, Map<Uid, Count> users) {}

  public RpcCounters(Instant since) {
    this.since = since;
  }

  synchronized void count(Request request, long nanos) {
    long micros = Math.max(0, nanos / NANOS_PER_MICRO);
    Count none = new Count(0, 0);
    types.merge(request.type(), none.and(micros), (old, one) -> old.and(micros));
    Uid user = request.caller().uid();
    if (users.containsKey(user) || users.size() < MAX_USERS) {
      users.merge(user, none.and(micros), (old, one) -> old.and(micros));
    }
  }

  /** The counts as they stand. */
  public synchronized Reading read() {
    return new Reading(since, new EnumMap<>(types), new TreeMap<>(users));
  }

  synchronized void reset(Instant now) {
    types.clear();
    users.clear();
    since = now;
  }
}
