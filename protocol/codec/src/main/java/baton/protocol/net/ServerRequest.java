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
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that arrived whole: its credential is verified, and only then its body is decoded and
 * handled, and the answer sent.
 *
 * <p>All of that happens on the thread that verified the credential, since each change of threads
 * costs about as much as decoding a small message: the network's threads only move bytes. One
 * thread at a time; the connection may end meanwhile.
 */
// what fails on a channel closes it, and the connection sees its close
@SuppressWarnings("FutureReturnValueIgnored")
final class ServerRequest {
  private static final Logger log = LoggerFactory.getLogger(ServerRequest.class);
  private static final Release NEWEST = Collections.max(List.of(Release.values()));
  private static final long USER_RETRY_MILLIS = 50;

  private final ChannelHandlerContext ctx;
  private final ServerContext context;
  private final Admission admission;
  private final HeldFrame frame;
  private final Runnable onWrite;

  /**
   * @param frame released here once the request needs it no more
   * @param onWrite run on the connection's event loop when the answer is about to be written
   */
  ServerRequest(
      ChannelHandlerContext ctx,
      ServerContext context,
      Admission admission,
      HeldFrame frame,
      Runnable onWrite) {
    this.ctx = ctx;
    this.context = context;
    this.admission = admission;
    this.frame = frame;
    this.onWrite = onWrite;
  }

  /**
   * A peer of a release that is not known: a newer one reads our newest release; an older one would
   * want a credential in a layout of its own, and gets what slurmctld gives it: nothing.
   */
  void refuseVersion(int version) {
    log.debug("{}: protocol version {} is unknown", ctx.channel().remoteAddress(), version);
    context.counters().count(Event.UNKNOWN_VERSION);
    if (version > NEWEST.protocolVersion()) {
      refuse(NEWEST, SlurmError.SLURM_PROTOCOL_VERSION_ERROR);
    } else {
      ctx.close();
    }
  }

  /** Has the credential verified, and goes on from there. */
  void judge(IncomingMessage message) {
    if (message.auth().isEmpty()) {
      frame.release();
      refuse(message, new AuthRefusal(AuthRefusal.Reason.INVALID, "a request needs a credential"));
      return;
    }
    context
        .authenticator()
        .verify(message.auth().get(), message.header().messageType(), message.bodyBuffers())
        .whenComplete((verdict, fault) -> guarded(() -> judged(message, verdict, fault)));
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException unexpected) {
      frame.release();
      fault("decoding a request", unexpected);
    }
  }

  private void judged(IncomingMessage message, VerifyOutcome verdict, Throwable fault) {
    if (verdict instanceof Verified verified) {
      admit(message, verified);
      return;
    }
    frame.release();
    if (verdict instanceof AuthRefusal refusal) {
      refuse(message, refusal);
    } else {
      fault("verifying a credential", fault);
    }
  }

  private void refuse(IncomingMessage message, AuthRefusal refusal) {
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
      refuse(message.release(), SlurmError.SLURM_PROTOCOL_AUTHENTICATION_ERROR);
    }
  }

  /** An error to a peer that is not known; releases that want a credential on it get nothing. */
  private void refuse(Release release, SlurmError error) {
    if (HeaderFlags.repliesWithoutCredential(release)) {
      replies(release, 0).send(Message.returnCode(error));
    } else {
      ctx.close();
    }
  }

  private void admit(IncomingMessage message, Verified verified) {
    Uid uid = verified.caller().uid();
    switch (admission.ask(uid)) {
      case ADMITTED -> handle(message, verified);
      case ENDED -> frame.release();
      case FULL -> {
        context.counters().count(Event.TOO_MANY_OF_USER);
        if (SlurmError.SLURMCTLD_COMMUNICATIONS_BACKOFF.knownIn(message.release())) {
          frame.release();
          replies(message.release(), message.header().flags())
              .to(verified)
              .send(Message.returnCode(SlurmError.SLURMCTLD_COMMUNICATIONS_BACKOFF));
        } else {
          // a 22.05 client knows no back-off: it waits, and sees a slow controller
          ctx.executor()
              .schedule(
                  () -> guarded(() -> admit(message, verified)),
                  USER_RETRY_MILLIS,
                  TimeUnit.MILLISECONDS);
        }
      }
    }
  }

  private void handle(IncomingMessage message, Verified verified) {
    ReplyWriter replies = replies(message.release(), message.header().flags()).to(verified);
    Optional<MessageType> type = MessageType.of(message.header().messageType(), message.release());
    if (type.isEmpty()) {
      frame.release();
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
      context.counters().count(Event.MALFORMED);
      ctx.close();
      return;
    } finally {
      // once decoded, the bytes are of no use while a handler works
      frame.release();
    }
    CompletionStage<Answer> answer;
    try {
      answer = context.handler().handle(request(message, type.get(), body, verified.caller()));
    } catch (RuntimeException fault) {
      fault("handling " + type.get(), fault);
      return;
    }
    answer.whenComplete(
        (given, fault) -> {
          if (fault == null) {
            replies.send(given);
          } else {
            fault("handling " + type.get(), fault);
          }
        });
  }

  private Request request(IncomingMessage message, MessageType type, Object body, Caller caller) {
    return new Request(
        message.release(),
        type,
        body,
        caller,
        (InetSocketAddress) ctx.channel().remoteAddress(),
        message.origin(),
        message.header().flags());
  }

  private ReplyWriter replies(Release release, int flags) {
    return new ReplyWriter(ctx.channel(), context, release, flags, onWrite);
  }

  private void fault(String doing, Throwable fault) {
    log.error("{}: {} failed", ctx.channel().remoteAddress(), doing, fault);
    context.counters().count(Event.HANDLER_FAULT);
    ctx.close();
  }
}
