package baton.controller.dispatch;

import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks once more before each message whether it may be sent: the process may have been stopped
 * since that was decided, and another may lead. What is held back is certain not to have arrived.
 */
final class Fence {
  private final BooleanSupplier maySend;

  Fence(BooleanSupplier maySend) {
    this.maySend = maySend;
  }

  private static SendFailure heldBack() {
    return new SendFailure(SendFailure.Reason.STOPPED, "it is not proven that this member leads");
  }

  NodeChannel before(NodeChannel nodes) {
    return new NodeChannel() {
      @Override
      public void send(NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
        if (maySend.getAsBoolean()) {
          nodes.send(node, message, told);
        } else {
          told.accept(node, heldBack());
        }
      }

      @Override
      public void sendToAll(
          List<NodeTarget> targets, Message message, BiConsumer<NodeTarget, SendOutcome> each) {
        if (maySend.getAsBoolean()) {
          nodes.sendToAll(targets, message, each);
        } else {
          targets.forEach(node -> each.accept(node, heldBack()));
        }
      }
    };
  }

  ClientChannel before(ClientChannel clients) {
    return (String host,
        int port,
        Release release,
        Message message,
        Uid reader,
        boolean replyExpected,
        Consumer<SendOutcome> told) -> {
      if (maySend.getAsBoolean()) {
        clients.send(host, port, release, message, reader, replyExpected, told);
      } else {
        told.accept(heldBack());
      }
    };
  }
}
