package baton.protocol.net;

import baton.protocol.auth.AuthSection;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.Caller;
import baton.protocol.auth.SealOutcome;
import baton.protocol.auth.Verified;
import baton.protocol.auth.VerifyOutcome;
import baton.protocol.buffer.WireException;
import baton.protocol.message.MessageHeader;
import baton.protocol.message.MessageType;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Release;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One message on a connection of its own, and its reply: seal, connect, write, read, verify.
 *
 * <p>All steps run on one event loop, except that the body is encoded by the caller's thread and
 * credentials are made and checked by the authenticator's. Completes exactly once.
 */
// what fails on a channel closes it, and the close is seen by channelInactive
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchange extends ChannelInboundHandlerAdapter {
  /** The reply and what came gathered in its header. */
  record Result(SendOutcome outcome, List<ReturnItem> gathered) {}

  private final Bootstrap bootstrap;
  private final Authenticator authenticator;
  private final ByteBudget budget;
  private final int maxReplyBytes;
  private final InetSocketAddress peer;
  private final Release release;
  private final Message message;
  private final Optional<ForwardSection> forward;
  private final SendOptions options;
  private final EventLoop loop;
  private final CompletableFuture<Result> result = new CompletableFuture<>();

  private Channel channel;
  private FrameAssembler assembler;
  private boolean written;
  private boolean answered;
  private boolean ended;
  private ScheduledFuture<?> deadline;

  Exchange(
      SlurmClient client,
      InetSocketAddress peer,
      Release release,
      Message message,
      Optional<ForwardSection> forward,
      SendOptions options) {
    this.bootstrap = client.bootstrap();
    this.loop = client.nextLoop();
    this.authenticator = client.authenticator();
    this.budget = client.budget();
    this.maxReplyBytes = client.settings().maxReplyBytes();
    this.peer = peer;
    this.release = release;
    this.message = message;
    this.forward = forward;
    this.options = options;
  }

  CompletionStage<Result> result() {
    return result;
  }

  /** Begins on the calling thread, which encodes; {@code waited} of the time is spent already. */
  void start(Duration waited) {
    try {
      ByteBuf body = OutgoingMessage.body(ByteBufAllocator.DEFAULT, message, release);
      loop.execute(() -> seal(body, waited));
    } catch (WireException notEncodable) {
      String detail = message.type() + ": " + notEncodable.getMessage();
      loop.execute(() -> fail(Reason.NOT_ENCODABLE, detail));
    }
  }

  /** Gives up before or after the start; any thread. */
  void stop(Reason reason, String detail) {
    loop.execute(() -> fail(reason, detail));
  }

  private void seal(ByteBuf body, Duration waited) {
    long left = options.timeout().minus(waited).toMillis();
    if (left <= 0) {
      body.release();
      fail(Reason.TOO_MANY, "no free connection within " + options.timeout());
      return;
    }
    deadline = loop.schedule(this::timedOut, left, TimeUnit.MILLISECONDS);
    authenticator
        .seal(
            message.type().number(release),
            OutgoingMessage.pieces(body),
            options.audience(),
            options.digest())
        .whenComplete((outcome, fault) -> loop.execute(() -> sealed(outcome, fault, body)));
  }

  private void sealed(SealOutcome outcome, Throwable fault, ByteBuf body) {
    if (result.isDone() || !(outcome instanceof AuthSection section)) {
      body.release();
      fail(Reason.NO_CREDENTIAL, fault == null ? String.valueOf(outcome) : fault.toString());
      return;
    }
    ChannelFuture connecting = bootstrap.clone(loop).handler(this).connect(peer);
    channel = connecting.channel();
    connecting.addListener(done -> connected(done.cause(), section, body));
  }

  private void connected(Throwable failure, AuthSection section, ByteBuf body) {
    if (failure == null && !result.isDone()) {
      write(section, body);
      return;
    }
    body.release();
    if (failure != null) {
      boolean refused =
          failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException);
      fail(refused ? Reason.REFUSED : Reason.UNREACHABLE, peer + ": " + failure.getMessage());
    }
  }

  private void write(AuthSection section, ByteBuf body) {
    MessageHeader.Builder header =
        MessageHeader.builder().messageType(message.type().number(release));
    forward.ifPresent(nodes -> nodes.into(header));
    ByteBuf head;
    try {
      head =
          OutgoingMessage.head(
              channel.alloc(), release, header, Optional.of(section), body.readableBytes());
    } catch (WireException notEncodable) {
      body.release();
      fail(Reason.NOT_ENCODABLE, notEncodable.getMessage());
      return;
    }
    written = true;
    channel.write(head);
    channel
        .writeAndFlush(body)
        .addListener(
            done -> {
              if (!options.replyExpected() && channel instanceof SocketChannel socket) {
                // the peer's close says that it has read all
                socket.shutdownOutput();
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    if (answered || !(received instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(received);
      return;
    }
    if (assembler == null) {
      assembler = new FrameAssembler(ctx.alloc(), maxReplyBytes, budget);
    }
    switch (assembler.add(bytes)) {
      case INCOMPLETE -> {}
      case COMPLETE -> {
        answered = true;
        replied(assembler.take());
      }
      case BAD_LENGTH -> fail(Reason.MALFORMED, "a frame of no sensible length from " + peer);
      case NO_ROOM -> fail(Reason.MALFORMED, "replies take too much memory");
    }
  }

  private void replied(ByteBuf frame) {
    try {
      int version = IncomingMessage.version(frame);
      Optional<Release> spoken = Release.of(version);
      if (spoken.isEmpty()) {
        fail(Reason.MALFORMED, peer + " answers in protocol version " + version);
        return;
      }
      IncomingMessage reply = IncomingMessage.reply(frame, spoken.get());
      if (reply.auth().isEmpty()) {
        decoded(reply, Optional.empty());
        return;
      }
      frame.retain();
      authenticator
          .verify(reply.auth().get(), reply.header().messageType(), reply.bodyBuffers())
          .whenComplete((verdict, fault) -> loop.execute(() -> judged(frame, reply, verdict)));
    } catch (RuntimeException malformed) {
      // a WireException, unless a codec has a fault, which must not leave the caller waiting
      fail(Reason.MALFORMED, peer + ": " + malformed);
    } finally {
      frame.release();
    }
  }

  private void judged(ByteBuf frame, IncomingMessage reply, VerifyOutcome verdict) {
    try {
      if (verdict instanceof Verified verified) {
        decoded(reply, Optional.of(verified.caller()));
      } else {
        fail(Reason.NOT_AUTHENTIC, peer + ": " + verdict);
      }
    } catch (RuntimeException malformed) {
      // a WireException, unless a codec has a fault, which must not leave the caller waiting
      fail(Reason.MALFORMED, peer + ": " + malformed);
    } finally {
      frame.release();
    }
  }

  private void decoded(IncomingMessage reply, Optional<Caller> sender) {
    int number = reply.header().messageType();
    Optional<MessageType> type = MessageType.of(number, reply.release());
    if (type.isEmpty()) {
      fail(Reason.MALFORMED, peer + " answers with unknown message type " + number);
      return;
    }
    Object body = reply.decodeBody(type.get());
    complete(new Result(new Reply(reply.release(), type.get(), body, sender), reply.gathered()));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!options.replyExpected() && written && assembler == null) {
      complete(new Result(new Delivered(), List.of()));
    } else if (!answered) {
      fail(Reason.CLOSED, peer + " closed the connection without a reply");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(Reason.CLOSED, peer + ": " + cause);
  }

  private void timedOut() {
    Reason reason = written ? Reason.TIMEOUT : Reason.UNREACHABLE;
    fail(reason, peer + ": nothing within " + options.timeout());
  }

  private void fail(Reason reason, String detail) {
    complete(new Result(new SendFailure(reason, detail), List.of()));
  }

  private void complete(Result outcome) {
    if (ended) {
      return;
    }
    // closing the channel while it connects fails that, which is not the reason
    ended = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (channel != null) {
      channel.close();
    }
    if (assembler != null) {
      assembler.release();
    }
    result.complete(outcome);
  }
}
