package baton.controller.rpc;

import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions about the controller itself. */
final class ClusterReads {
  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_PING, this::ping);
  }

  private CompletionStage<Answer> ping(Request request) {
    return CompletableFuture.completedStage(Answer.success());
  }
}
