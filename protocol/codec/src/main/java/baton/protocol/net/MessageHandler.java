package baton.protocol.net;

import java.util.concurrent.CompletionStage;

/** Answers requests; what the controller gives to a {@link SlurmServer}. */
@FunctionalInterface
public interface MessageHandler {
  /**
   * Called once for each request whose credential holds, on a network thread: must not block, and
   * hands long work to others. The answer is encoded on the thread that completes the stage. A
   * failed stage is a fault: the connection is closed without a reply.
   */
  CompletionStage<Answer> handle(Request request);
}
