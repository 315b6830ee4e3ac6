package baton.controller.dispatch;

import baton.protocol.net.Message;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.function.Consumer;

/**
 * The way to waiting sruns and sallocs. Outcomes come on other threads; they are not to be held up.
 */
@FunctionalInterface
public interface ClientChannel {
  /**
   * Sends one message and tells the outcome, once. Looking up the host's name may block.
   *
   * @param release what the client speaks
   * @param reader who alone may read it
   * @param replyExpected false for what is only taken
   */
  void send(
      String host,
      int port,
      Release release,
      Message message,
      Uid reader,
      boolean replyExpected,
      Consumer<SendOutcome> told);
}
