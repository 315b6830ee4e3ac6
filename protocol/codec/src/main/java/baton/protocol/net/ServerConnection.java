package baton.protocol.net;

import baton.protocol.buffer.WireException;
import baton.protocol.net.ServerCounters.Event;
import baton.protocol.type.Release;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a server: one request, its answer, and the end, as slurmctld does.
 *
 * <p>Here its bytes arrive and its time is watched; what it asks for is a {@link ServerRequest}.
 * What cannot be understood ends the connection without a word, so that a peer sees a communication
 * failure and may try again; an error code would tell a slurmstepd to give up. All fields belong to
 * the connection's event loop.
 */
// what fails on a channel closes it, and the close is seen by channelInactive
@SuppressWarnings("FutureReturnValueIgnored")
final class ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

  private final ServerContext context;
  private final Admission admission;
  private FrameAssembler assembler;
  private boolean arrived;
  private ScheduledFuture<?> timer;
  private long timerNanos;
  private long deadlineNanos;
  private Event overdue = Event.ARRIVAL_TIMEOUT;
  private long latestArrivalNanos;

  ServerConnection(ServerContext context) {
    this.context = context;
    this.admission = new Admission(context.users());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    assembler = new FrameAssembler(ctx.alloc(), context.limits().maxFrameBytes(), context.budget());
    long now = System.nanoTime();
    latestArrivalNanos = now + context.limits().frameTimeout().toNanos();
    deadlineNanos = firstOf(latestArrivalNanos, now + context.limits().idleTimeout().toNanos());
    schedule(ctx, now);
  }

  private static long firstOf(long a, long b) {
    return a - b < 0 ? a : b;
  }

  private void progress() {
    deadlineNanos =
        firstOf(latestArrivalNanos, System.nanoTime() + context.limits().idleTimeout().toNanos());
  }

  // Deadlines move with each step of a request, mostly to later: the timer that is there already
  // sees that when it runs, and in most connections it never does.
  private void watch(ChannelHandlerContext ctx, Duration limit, Event event) {
    if (!ctx.channel().isActive()) {
      return;
    }
    long now = System.nanoTime();
    deadlineNanos = now + limit.toNanos();
    overdue = event;
    if (deadlineNanos - timerNanos < 0) {
      timer.cancel(false);
      schedule(ctx, now);
    }
  }

  private void schedule(ChannelHandlerContext ctx, long now) {
    timerNanos = deadlineNanos;
    timer = ctx.executor().schedule(() -> expire(ctx), deadlineNanos - now, TimeUnit.NANOSECONDS);
  }

  private void expire(ChannelHandlerContext ctx) {
    long now = System.nanoTime();
    if (deadlineNanos - now > 0) {
      schedule(ctx, now);
    } else {
      end(ctx, overdue);
    }
  }

  private void end(ChannelHandlerContext ctx, Event event) {
    context.counters().count(event);
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    if (arrived || !(received instanceof ByteBuf bytes)) {
      // one request a connection; what comes after it is nobody's
      ReferenceCountUtil.release(received);
      return;
    }
    progress();
    switch (assembler.add(bytes)) {
      case INCOMPLETE -> {}
      case COMPLETE -> {
        ctx.channel().config().setAutoRead(false);
        arrived = true;
        watch(ctx, context.limits().handlerTimeout(), Event.HANDLER_TIMEOUT);
        received(ctx, assembler.handOver());
      }
      case BAD_LENGTH -> end(ctx, Event.BAD_LENGTH);
      case NO_ROOM -> end(ctx, Event.NO_ROOM);
    }
  }

  private void received(ChannelHandlerContext ctx, HeldFrame frame) {
    ServerRequest request =
        new ServerRequest(
            ctx,
            context,
            admission,
            frame,
            () -> watch(ctx, context.limits().writeTimeout(), Event.WRITE_TIMEOUT));
    try {
      int version = IncomingMessage.version(frame.bytes());
      Optional<Release> release = Release.of(version);
      if (release.isPresent()) {
        request.judge(IncomingMessage.request(frame.bytes().duplicate(), release.get()));
      } else {
        frame.release();
        request.refuseVersion(version);
      }
    } catch (WireException malformed) {
      frame.release();
      // anybody can cause it, at will: the counter tells
      log.debug("{}: {}", ctx.channel().remoteAddress(), malformed.getMessage());
      end(ctx, Event.MALFORMED);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    timer.cancel(false);
    assembler.release();
    admission.end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      log.debug("{}: {}", ctx.channel().remoteAddress(), cause.toString());
      ctx.close();
    } else {
      log.error("{}: reading failed", ctx.channel().remoteAddress(), cause);
      end(ctx, Event.HANDLER_FAULT);
    }
  }
}
