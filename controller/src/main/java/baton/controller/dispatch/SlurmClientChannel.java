package baton.controller.dispatch;

import baton.protocol.auth.Audience;
import baton.protocol.auth.DigestType;
import baton.protocol.net.Message;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOptions;
import baton.protocol.net.SendOutcome;
import baton.protocol.net.SlurmClient;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends to sruns and sallocs as slurmctld does, over a {@link SlurmClient} that it does not close.
 */
public final class SlurmClientChannel implements ClientChannel {
  private final SlurmClient client;
  private final Supplier<Duration> timeout;

  /**
   * @param timeout MessageTimeout, asked for each message
   */
  public SlurmClientChannel(SlurmClient client, Supplier<Duration> timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  @Override
  public void send(
      String host,
      int port,
      Release release,
      Message message,
      Uid reader,
      boolean replyExpected,
      Consumer<SendOutcome> told) {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      told.accept(new SendFailure(SendFailure.Reason.UNREACHABLE, String.valueOf(e.getMessage())));
      return;
    }
    SendOptions options =
        new SendOptions(timeout.get(), Audience.only(reader), DigestType.K12, replyExpected);
    CompletionStage<Void> unused =
        client
            .send(new InetSocketAddress(address, port), release, message, options)
            .handle((outcome, fault) -> outcome == null ? failed(fault) : outcome)
            .thenAccept(told);
  }

  private static SendOutcome failed(Throwable fault) {
    return new SendFailure(SendFailure.Reason.CLOSED, String.valueOf(fault));
  }
}
