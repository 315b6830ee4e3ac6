package baton.controller.rpc;

import baton.controller.clock.TimeSource;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.MessageHandler;
import baton.protocol.net.Request;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which handler answers which message, once the gate lets it through. A message that nobody handles
 * is answered EINVAL, as slurmctld does. Immutable; any thread.
 */
public final class HandlerTable implements MessageHandler {
  private final Map<MessageType, MessageHandler> handlers;
  private final Map<MessageType, Standing> standings;
  private final Gate gate;
  private final RpcCounters counters;

  /** What a client that sends a message can expect. */
  public enum Standing {
    /** It is done. */
    SERVED,
    /** It is answered as slurmctld does where what it is about is not configured. */
    UNCONFIGURED,
    /** It is refused, as this controller cannot do it yet. */
    REFUSED
  }

  private HandlerTable(
      Map<MessageType, MessageHandler> handlers,
      Map<MessageType, Standing> standings,
      Gate gate,
      RpcCounters counters) {
    this.handlers = new EnumMap<>(handlers);
    this.standings = new EnumMap<>(standings);
    this.gate = gate;
    this.counters = counters;
  }

  /** Collects handlers; one thread. */
  public static final class Builder {
    private final Map<MessageType, MessageHandler> handlers = new EnumMap<>(MessageType.class);
    private final Map<MessageType, Standing> standings = new EnumMap<>(MessageType.class);
    private final RpcCounters counters = new RpcCounters(TimeSource.system().now());

    /** What is counted of the messages that the table handles. */
    public RpcCounters counters() {
      return counters;
    }

    /** Names the handler of a type that is served; each type has one. */
    public Builder on(MessageType type, MessageHandler handler) {
      return on(type, Standing.SERVED, handler);
    }

    /** Names the handler of a type; each type has one. */
    public Builder on(MessageType type, Standing standing, MessageHandler handler) {
      standings.put(type, standing);
      if (handlers.put(type, handler) != null) {
        throw new IllegalStateException(type + " has two handlers");
      }
      return this;
    }

    /**
     * The table.
     *
     * @param gate what every message passes first
     */
    public HandlerTable build(Gate gate) {
      return new HandlerTable(handlers, standings, gate, counters);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** How each type is answered; what is not there is answered EINVAL. */
  public Map<MessageType, Standing> standings() {
    return Collections.unmodifiableMap(standings);
  }

  @Override
  public CompletionStage<Answer> handle(Request request) {
    return gate.pass(request, () -> answer(request));
  }

  private CompletionStage<Answer> answer(Request request) {
    MessageHandler handler = handlers.get(request.type());
    if (handler == null) {
      return CompletableFuture.completedStage(Answer.returnCode(SlurmError.EINVAL));
    }
    long began = System.nanoTime();
    return handler
        .handle(request)
        .whenComplete((answer, fault) -> counters.count(request, System.nanoTime() - began));
  }
}
