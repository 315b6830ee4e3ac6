package baton.protocol.net;

import baton.protocol.auth.Audience;
import baton.protocol.auth.AuthRefusal;
import baton.protocol.auth.AuthSection;
import baton.protocol.auth.BodyDigest;
import baton.protocol.auth.DigestType;
import baton.protocol.auth.Verified;
import baton.protocol.buffer.WireException;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageHeader;
import baton.protocol.net.ServerCounters.Event;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the answers of one request and then closes the connection. From 23.02 on answers carry no
 * credential; a 22.05 peer wants one, made for it alone and with the digest that it used itself.
 * Encodes on the calling thread, and hands all to the connection's at once.
 */
// what fails on a channel closes it, and the close is seen by channelInactive
@SuppressWarnings("FutureReturnValueIgnored")
final class ReplyWriter {
  private static final Logger log = LoggerFactory.getLogger(ReplyWriter.class);

  private final Channel channel;
  private final ServerContext context;
  private final Release release;
  private final int flags;
  private final Runnable onWrite;
  private Optional<Verified> recipient = Optional.empty();

  ReplyWriter(
      Channel channel, ServerContext context, Release release, int flags, Runnable onWrite) {
    this.channel = channel;
    this.context = context;
    this.release = release;
    this.flags = flags;
    this.onWrite = onWrite;
  }

  /** Names the peer, which a 22.05 credential must be made for. */
  ReplyWriter to(Verified peer) {
    recipient = Optional.of(peer);
    return this;
  }

  void send(Message message) {
    send(Answer.of(message));
  }

  void send(Answer answer) {
    if (answer.messages().isEmpty()) {
      context.counters().count(Event.CLOSED_WITHOUT_REPLY);
      channel.close();
      return;
    }
    List<ByteBuf> buffers = new ArrayList<>();
    CompletionStage<Boolean> made = CompletableFuture.completedStage(true);
    for (Message message : answer.messages()) {
      made =
          made.thenCompose(
              going ->
                  going
                      ? frame(message, answer.release().orElse(release), buffers)
                      : CompletableFuture.completedStage(false));
    }
    made.whenComplete(
        (all, fault) -> {
          if (fault == null && all) {
            channel.eventLoop().execute(() -> write(buffers));
            return;
          }
          buffers.forEach(ByteBuf::release);
          if (fault != null) {
            log.error("{}: sending an answer failed", channel.remoteAddress(), fault);
            context.counters().count(Event.HANDLER_FAULT);
          }
          channel.close();
        });
  }

  private void write(List<ByteBuf> buffers) {
    context.counters().count(Event.ANSWERED);
    onWrite.run();
    int last = buffers.size() - 1;
    buffers.subList(0, last).forEach(channel::write);
    channel.writeAndFlush(buffers.get(last)).addListener(ChannelFutureListener.CLOSE);
  }

  private CompletionStage<Boolean> frame(Message message, Release release, List<ByteBuf> buffers) {
    Message told = message;
    ByteBuf body;
    try {
      body = OutgoingMessage.body(channel.alloc(), told, release);
    } catch (WireException notEncodable) {
      log.error("{} cannot be told to {}: {}", told.type(), release, notEncodable.getMessage());
      context.counters().count(Event.NOT_ENCODABLE);
      told = Message.returnCode(SlurmError.ESLURM_INTERNAL);
      body = OutgoingMessage.body(channel.alloc(), told, release);
    }
    MessageHeader.Builder header = MessageHeader.builder().messageType(told.type().number(release));
    if (HeaderFlags.repliesWithoutCredential(release)) {
      header.flags(flags | HeaderFlags.NO_AUTH_CRED);
      buffers.addAll(joined(release, header, Optional.empty(), body));
      return CompletableFuture.completedStage(true);
    }
    return seal(release, told, header.flags(flags), body, buffers);
  }

  private CompletionStage<Boolean> seal(
      Release release,
      Message message,
      MessageHeader.Builder header,
      ByteBuf body,
      List<ByteBuf> buffers) {
    Audience audience = recipient.map(peer -> Audience.only(peer.caller().uid())).orElseThrow();
    DigestType digest = recipient.map(Verified::digest).orElseThrow();
    int type = message.type().number(release);
    Supplier<Bytes> payload =
        message.body() instanceof EncodedBody encoded
            ? () -> encoded.payload(digest, type)
            : () -> BodyDigest.payload(digest, type, OutgoingMessage.pieces(body));
    return context
        .authenticator()
        .seal(payload, audience)
        .handle(
            (outcome, fault) -> {
              if (outcome instanceof AuthSection section) {
                buffers.addAll(joined(release, header, Optional.of(section), body));
                return true;
              }
              body.release();
              if (outcome instanceof AuthRefusal refusal) {
                log.warn("no credential for a reply: {} {}", refusal.reason(), refusal.detail());
                context.counters().count(refusal.reason());
              } else {
                log.error("making a credential failed", fault);
              }
              return false;
            });
  }

  private List<ByteBuf> joined(
      Release release, MessageHeader.Builder header, Optional<AuthSection> auth, ByteBuf body) {
    ByteBuf head;
    try {
      head = OutgoingMessage.head(channel.alloc(), release, header, auth, body.readableBytes());
    } catch (WireException notEncodable) {
      body.release();
      throw notEncodable;
    }
    return OutgoingMessage.joined(head, body);
  }
}
