package baton.controller.dispatch;

import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnCode;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.Reply;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Keeps what is sent; the test says what came of it. */
final class RecordedChannel implements NodeChannel {
  /** One message to one node. */
  record Sent(NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
    void answer(long code) {
      told.accept(
          node,
          new Reply(
              node.release(),
              MessageType.RESPONSE_SLURM_RC,
              ReturnCode.builder().returnCode(code).build(),
              Optional.empty()));
    }

    void fail(SendFailure.Reason reason) {
      told.accept(node, new SendFailure(reason, "test"));
    }
  }

  private final List<Sent> sent = new ArrayList<>();
  private Runnable onSend = () -> {};

  /** Sets what happens when a message has been taken. */
  void onSend(Runnable action) {
    onSend = action;
  }

  @Override
  public void send(NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
    sent.add(new Sent(node, message, told));
    onSend.run();
  }

  @Override
  public void sendToAll(
      List<NodeTarget> nodes, Message message, BiConsumer<NodeTarget, SendOutcome> each) {
    nodes.forEach(node -> send(node, message, each));
  }

  List<Sent> all(MessageType type) {
    return sent.stream().filter(one -> one.message().type() == type).toList();
  }

  Sent last(MessageType type) {
    List<Sent> all = all(type);
    return all.get(all.size() - 1);
  }
}
