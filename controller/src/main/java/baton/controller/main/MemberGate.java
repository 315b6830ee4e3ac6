package baton.controller.main;

import baton.controller.rpc.Gate;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets requests wait until the state here is current (ADR 0035). When it cannot be made so in time,
 * because there is no majority, a client is told what a slurmctld in standby tells it, if it has
 * another controller to ask: it sleeps, and tries again. A controller that is the only one says
 * nothing, not even an error: slurmd and slurmstepd send again what a dead connection swallowed,
 * but take any return code for the last word.
 */
final class MemberGate implements Gate {
  /** A client waits MessageTimeout for an answer; it is to have one before. */
  private static final double SHARE_OF_PATIENCE = 0.6;

  /** About this process alone. */
  private static final Set<MessageType> ANY_TIME =
      Set.of(
          MessageType.REQUEST_PING,
          MessageType.REQUEST_CONTROL_STATUS,
          MessageType.REQUEST_SHUTDOWN);

  private final Function<Duration, CompletionStage<Boolean>> current;
  private final BooleanSupplier configured;
  private final Supplier<Duration> messageTimeout;
  private final BooleanSupplier hasOthers;
  private final Executor executor;

  /**
   * @param current waits until the state is current, so long at most
   * @param configured whether the state, when current, can be served from
   * @param hasOthers whether clients know of other controllers
   * @param executor where what had to wait is handled
   */
  MemberGate(
      Function<Duration, CompletionStage<Boolean>> current,
      BooleanSupplier configured,
      Supplier<Duration> messageTimeout,
      BooleanSupplier hasOthers,
      Executor executor) {
    this.current = current;
    this.configured = configured;
    this.messageTimeout = messageTimeout;
    this.hasOthers = hasOthers;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Answer> pass(Request request, Supplier<CompletionStage<Answer>> handle) {
    if (ANY_TIME.contains(request.type())) {
      return handle.get();
    }
    CompletableFuture<Boolean> passed = current.apply(patience()).toCompletableFuture();
    // the only controller of a cluster never waits, and changes no thread
    return passed.isDone()
        ? answer(passed.join(), handle)
        : passed.thenComposeAsync(isCurrent -> answer(isCurrent, handle), executor);
  }

  private Duration patience() {
    return Duration.ofMillis((long) (messageTimeout.get().toMillis() * SHARE_OF_PATIENCE));
  }

  private CompletionStage<Answer> answer(
      boolean isCurrent, Supplier<CompletionStage<Answer>> handle) {
    if (isCurrent && configured.getAsBoolean()) {
      return handle.get();
    }
    return CompletableFuture.completedStage(
        hasOthers.getAsBoolean()
            ? Answer.returnCode(SlurmError.ESLURM_IN_STANDBY_MODE)
            : Answer.none());
  }
}
