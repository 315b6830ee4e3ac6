package baton.controller.rpc;

import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What stands before the handlers: nobody is answered from a state that may be old. Any thread. */
@FunctionalInterface
public interface Gate {
  /** A gate that lets everything through at once. */
  Gate OPEN = (request, handle) -> handle.get();

  /**
   * Handles a request once this controller may answer it.
   *
   * @param handle makes the answer; may be called on another thread, once
   * @return its answer, or one that says that nobody can be answered here now
   */
  CompletionStage<Answer> pass(Request request, Supplier<CompletionStage<Answer>> handle);
}
