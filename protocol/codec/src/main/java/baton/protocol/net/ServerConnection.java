package baton.protocol.net;

import baton.protocol.auth.AuthRefusal;
import baton.protocol.auth.Caller;
import baton.protocol.auth.Verified;
import baton.protocol.auth.VerifyOutcome;
import baton.protocol.buffer.WireException;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.ServerCounters.Event;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a server: one request, its answer, and the end, as slurmctld does.
 *
 * <p>The request arrives whole, its credential is verified, and only then its body is decoded and
 * handled. What cannot be understood ends the connection without a word, so that a peer sees a
 * communication failure and may try again; an error code would tell a slurmstepd to give up. All
 * fields belong to the connection's event loop.
 */
// what fails on a channel closes it, and the close is seen by channelInactive
@SuppressWarnings("FutureReturnValueIgnored")
final class ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);
  private static final Release NEWEST = Collections.max(List.of(Release.values()));
  private static final long USER_RETRY_MILLIS = 50;

  private final ServerContext context;
  private FrameAssembler assembler;
  private ByteBuf frame;
  private Optional<Uid> admitted = Optional.empty();
  private ScheduledFuture<?> deadline;
  private long startNanos;
  private long progressNanos;

  ServerConnection(ServerContext context) {
    this.context = context;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    assembler = new FrameAssembler(ctx.alloc(), context.limits().maxFrameBytes(), context.budget());
    startNanos = System.nanoTime();
    progressNanos = startNanos;
    watchArrival(ctx);
  }

  private void watchArrival(ChannelHandlerContext ctx) {
    Duration idle = context.limits().idleTimeout();
    deadline =
        ctx.executor()
            .schedule(
                () -> {
                  long now = System.nanoTime();
                  if (now - progressNanos >= idle.toNanos()
                      || now - startNanos >= context.limits().frameTimeout().toNanos()) {
                    end(ctx, Event.ARRIVAL_TIMEOUT);
                  } else {
                    watchArrival(ctx);
                  }
                },
                idle.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void watch(ChannelHandlerContext ctx, Duration limit, Event event) {
    deadline.cancel(false);
    deadline =
        ctx.executor().schedule(() -> end(ctx, event), limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void end(ChannelHandlerContext ctx, Event event) {
    context.counters().count(event);
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    if (frame != null || !(received instanceof ByteBuf bytes)) {
      // one request a connection; what comes after it is nobody's
      ReferenceCountUtil.release(received);
      return;
    }
    progressNanos = System.nanoTime();
    switch (assembler.add(bytes)) {
      case INCOMPLETE -> {}
      case COMPLETE -> {
        ctx.channel().config().setAutoRead(false);
        frame = assembler.take();
        watch(ctx, context.limits().handlerTimeout(), Event.HANDLER_TIMEOUT);
        received(ctx);
      }
      case BAD_LENGTH -> end(ctx, Event.BAD_LENGTH);
      case NO_ROOM -> end(ctx, Event.NO_ROOM);
    }
  }

  private void received(ChannelHandlerContext ctx) {
    try {
      int version = IncomingMessage.version(frame);
      Optional<Release> release = Release.of(version);
      if (release.isPresent()) {
        authenticate(ctx, IncomingMessage.request(frame.duplicate(), release.get()));
      } else {
        refuseVersion(ctx, version);
      }
    } catch (WireException malformed) {
      malformed(ctx, malformed);
    }
  }

  // a newer peer reads our newest release; an older one would want a credential in a layout of its
  // own, and gets what slurmctld gives it: nothing
  private void refuseVersion(ChannelHandlerContext ctx, int version) {
    log.debug("{}: protocol version {} is unknown", ctx.channel().remoteAddress(), version);
    context.counters().count(Event.UNKNOWN_VERSION);
    if (version > NEWEST.protocolVersion()) {
      refuse(ctx, NEWEST, SlurmError.SLURM_PROTOCOL_VERSION_ERROR);
    } else {
      ctx.close();
    }
  }

  private void malformed(ChannelHandlerContext ctx, WireException malformed) {
    // anybody can cause it, at will: the counter tells
    log.debug("{}: {}", ctx.channel().remoteAddress(), malformed.getMessage());
    end(ctx, Event.MALFORMED);
  }

  private void authenticate(ChannelHandlerContext ctx, IncomingMessage message) {
    if (message.auth().isEmpty()) {
      refuse(
          ctx,
          message,
          new AuthRefusal(AuthRefusal.Reason.INVALID, "a request needs a credential"));
      return;
    }
    CompletionStage<VerifyOutcome> outcome =
        context
            .authenticator()
            .verify(message.auth().get(), message.header().messageType(), message.bodyBuffers());
    // the frame outlives the connection while another thread reads it
    frame.retain();
    outcome.whenComplete(
        (verdict, fault) ->
            ctx.executor()
                .execute(
                    () -> {
                      try {
                        judged(ctx, message, verdict, fault);
                      } catch (RuntimeException unexpected) {
                        fault(ctx, "decoding a request", unexpected);
                      } finally {
                        message.body().release();
                      }
                    }));
  }

  private void judged(
      ChannelHandlerContext ctx, IncomingMessage message, VerifyOutcome verdict, Throwable fault) {
    if (!ctx.channel().isActive()) {
      return;
    }
    if (fault != null) {
      fault(ctx, "verifying a credential", fault);
    } else if (verdict instanceof AuthRefusal refusal) {
      refuse(ctx, message, refusal);
    } else if (verdict instanceof Verified verified) {
      admit(ctx, message, verified);
    }
  }

  private void refuse(ChannelHandlerContext ctx, IncomingMessage message, AuthRefusal refusal) {
    log.info(
        "{}: message {}: {} ({})",
        ctx.channel().remoteAddress(),
        message.header().messageType(),
        refusal.reason(),
        refusal.detail());
    context.counters().count(refusal.reason());
    if (refusal.reason() == AuthRefusal.Reason.BUSY
        || refusal.reason() == AuthRefusal.Reason.UNAVAILABLE) {
      // nothing is wrong with the peer: it shall try again
      ctx.close();
    } else {
      refuse(ctx, message.release(), SlurmError.SLURM_PROTOCOL_AUTHENTICATION_ERROR);
    }
  }

  /** An error to a peer that is not known; releases that want a credential on it get nothing. */
  private void refuse(ChannelHandlerContext ctx, Release release, SlurmError error) {
    if (HeaderFlags.repliesWithoutCredential(release)) {
      replies(ctx, release, 0).send(Message.returnCode(error));
    } else {
      ctx.close();
    }
  }

  private void admit(ChannelHandlerContext ctx, IncomingMessage message, Verified verified) {
    Uid uid = verified.caller().uid();
    if (context.users().tryTake(uid)) {
      admitted = Optional.of(uid);
      handle(ctx, message, verified);
      return;
    }
    context.counters().count(Event.TOO_MANY_OF_USER);
    if (SlurmError.SLURMCTLD_COMMUNICATIONS_BACKOFF.knownIn(message.release())) {
      replies(ctx, message.release(), message.header().flags())
          .to(verified)
          .send(Message.returnCode(SlurmError.SLURMCTLD_COMMUNICATIONS_BACKOFF));
      return;
    }
    // a 22.05 client knows no back-off: it waits, and sees a slow controller
    message.body().retain();
    ctx.executor()
        .schedule(
            () -> {
              try {
                if (ctx.channel().isActive()) {
                  admit(ctx, message, verified);
                }
              } finally {
                message.body().release();
              }
            },
            USER_RETRY_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private void handle(ChannelHandlerContext ctx, IncomingMessage message, Verified verified) {
    ReplyWriter replies = replies(ctx, message.release(), message.header().flags()).to(verified);
    Optional<MessageType> type = MessageType.of(message.header().messageType(), message.release());
    if (type.isEmpty()) {
      context.counters().count(Event.UNKNOWN_TYPE);
      replies.send(Message.returnCode(SlurmError.EINVAL));
      return;
    }
    Object body;
    try {
      body = message.decodeBody(type.get());
    } catch (WireException malformed) {
      Object sender = verified.caller().uid();
      log.warn("{} of uid {}: {}", type.get(), sender, malformed.getMessage());
      end(ctx, Event.MALFORMED);
      return;
    }
    release();
    CompletionStage<Answer> answer;
    try {
      answer = context.handler().handle(request(ctx, message, type.get(), body, verified.caller()));
    } catch (RuntimeException fault) {
      fault(ctx, "handling " + type.get(), fault);
      return;
    }
    answer.whenComplete(
        (given, fault) -> {
          if (fault == null) {
            replies.send(given);
          } else {
            ctx.executor().execute(() -> fault(ctx, "handling " + type.get(), fault));
          }
        });
  }

  private static Request request(
      ChannelHandlerContext ctx,
      IncomingMessage message,
      MessageType type,
      Object body,
      Caller caller) {
    return new Request(
        message.release(),
        type,
        body,
        caller,
        (InetSocketAddress) ctx.channel().remoteAddress(),
        message.origin(),
        message.header().flags());
  }

  private ReplyWriter replies(ChannelHandlerContext ctx, Release release, int flags) {
    return new ReplyWriter(
        ctx.channel(),
        context,
        release,
        flags,
        () -> watch(ctx, context.limits().writeTimeout(), Event.WRITE_TIMEOUT));
  }

  private void fault(ChannelHandlerContext ctx, String doing, Throwable fault) {
    log.error("{}: {} failed", ctx.channel().remoteAddress(), doing, fault);
    end(ctx, Event.HANDLER_FAULT);
  }

  // once decoded, the bytes are of no use while a handler works
  private void release() {
    if (frame != null) {
      frame.release();
      frame = Unpooled.EMPTY_BUFFER;
    }
    assembler.release();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.cancel(false);
    release();
    admitted.ifPresent(context.users()::giveBack);
    admitted = Optional.empty();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      log.debug("{}: {}", ctx.channel().remoteAddress(), cause.toString());
      ctx.close();
    } else {
      fault(ctx, "reading", cause);
    }
  }
}
