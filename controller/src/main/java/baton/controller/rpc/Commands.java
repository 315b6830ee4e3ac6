package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.Command;
import java.util.concurrent.CompletionStage;

/** Where commands go. */
@FunctionalInterface
public interface Commands {
  /**
   * Hands a command to the log. Never blocks; any thread.
   *
   * @return what applying it came to, once a majority has it. A failed stage means that its fate is
   *     not known (no leader, shutting down); the peer then gets no answer and tries again
   */
  CompletionStage<Reply> submit(Command command);
}
