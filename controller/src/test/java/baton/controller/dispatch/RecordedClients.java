package baton.controller.dispatch;

import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnCode;
import baton.protocol.net.Delivered;
import baton.protocol.net.Message;
import baton.protocol.net.Reply;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what is sent to clients; the test says what came of it. */
final class RecordedClients implements ClientChannel {
  /** One message to one client. */
  record Sent(
      String host,
      int port,
      Release release,
      Message message,
      Uid reader,
      boolean replyExpected,
      Consumer<SendOutcome> told) {
    void take() {
      told.accept(
          replyExpected
              ? new Reply(
                  release,
                  MessageType.RESPONSE_SLURM_RC,
                  ReturnCode.builder().returnCode(0).build(),
                  Optional.empty())
              : new Delivered());
    }

    void fail(SendFailure.Reason reason) {
      told.accept(new SendFailure(reason, "test"));
    }
  }

  private final List<Sent> sent = new ArrayList<>();

  @Override
  public void send(
      String host,
      int port,
      Release release,
      Message message,
      Uid reader,
      boolean replyExpected,
      Consumer<SendOutcome> told) {
    sent.add(new Sent(host, port, release, message, reader, replyExpected, told));
  }

  List<Sent> all(MessageType type) {
    return sent.stream().filter(one -> one.message().type() == type).toList();
  }
}
