package baton.controller.replication.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to another member, made when it is needed and made again when it is lost. Calls fail
 * rather than wait for long: who calls tries again. When a call runs out of time and nothing at all
 * came lately, the connection is given up, since TCP itself would go on with one that was cut off
 * only after as long again as the cut lasted.
 *
 * <p>Thread-safe.
 */
final class PeerLane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLane.class);
  private static final int CONNECT_MILLIS = 500;
  private static final int HANDSHAKE_MILLIS = 3000;
  private static final long SILENCE_NANOS = Duration.ofMillis(1500).toNanos();
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
  private static final int MOST_OUTSTANDING = 1024;

  private final EventLoopGroup loops;
  private final Supplier<TlsIdentity> identity;
  private final String member;
  private final Supplier<InetSocketAddress> address;
  private final int longestFrame;
  private final AtomicLong numbers = new AtomicLong();
  private CompletableFuture<Link> link;
  private long pauseNanos;
  private long pausedUntilNanos;
  private boolean closed;
  private boolean unreachable;

  /**
   * @param member the name that the other end must prove
   * @param address where it is; null while that is not known
   */
  PeerLane(
      EventLoopGroup loops,
      Supplier<TlsIdentity> identity,
      String member,
      Supplier<InetSocketAddress> address,
      int longestFrame) {
    this.loops = loops;
    this.identity = identity;
    this.member = member;
    this.address = address;
    this.longestFrame = longestFrame;
  }

  /** Sends a request; completes with its answer, or fails within the time. */
  CompletableFuture<byte[]> call(Frame.Kind kind, byte[] body, Duration atMost) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    CompletableFuture<Link> connected = connected();
    CompletableFuture<Void> unused =
        connected.handle(
            (to, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              } else {
                to.send(kind, body, answer);
              }
              return null;
            });
    CompletableFuture<byte[]> bounded = answer.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
    return bounded.whenComplete(
        (done, failure) -> {
          if (failure instanceof TimeoutException && connected.isDone()) {
            CompletableFuture<Void> unusedDoubt = connected.thenAccept(Link::doubt);
          }
        });
  }

  private synchronized CompletableFuture<Link> connected() {
    if (closed) {
      return CompletableFuture.failedFuture(new IOException("stopped"));
    }
    if (link != null && (!link.isDone() || (!link.isCompletedExceptionally() && isOpen()))) {
      return link;
    }
    if (System.nanoTime() - pausedUntilNanos < 0 && pauseNanos > 0) {
      return CompletableFuture.failedFuture(new IOException(member + " cannot be reached"));
    }
    link = connect();
    return link;
  }

  private boolean isOpen() {
    return link.join().channel.isActive();
  }

  private CompletableFuture<Link> connect() {
    CompletableFuture<Link> result = new CompletableFuture<>();
    TlsIdentity own = identity.get();
    InetSocketAddress to = address.get();
    if (own.client() == null || to == null || to.isUnresolved()) {
      failed(result, new IOException("where " + member + " is cannot be told: " + to));
      return result;
    }
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SslHandler tls = own.client().newHandler(channel.alloc());
                    tls.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
                    channel
                        .pipeline()
                        .addLast(tls)
                        .addLast(new Frame.Decoder(longestFrame))
                        .addLast(new Link(channel, tls, own, result));
                  }
                });
    bootstrap
        .connect(to)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                failed(
                    result, new IOException(member + " cannot be reached at " + to, done.cause()));
              }
            });
    return result;
  }

  private void failed(CompletableFuture<Link> result, IOException why) {
    boolean isNews;
    synchronized (this) {
      isNews = !unreachable && !closed;
      unreachable = true;
      pauseNanos =
          pauseNanos == 0 ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      pausedUntilNanos = System.nanoTime() + pauseNanos;
    }
    if (isNews) {
      LOG.warn("{}", why.getMessage());
    }
    LOG.debug("no connection", why);
    result.completeExceptionally(why);
  }

  private synchronized void succeeded() {
    pauseNanos = 0;
    if (unreachable) {
      unreachable = false;
      LOG.info("{} is reached again", member);
    }
  }

  /** Ends the connection; one that is needed afterwards is made with the identity of then. */
  synchronized void renew() {
    if (link != null) {
      CompletableFuture<Link> old = link;
      link = null;
      CompletableFuture<Void> unused = old.thenAccept(Link::retire);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (link != null) {
      CompletableFuture<Void> unused = link.thenAccept(Link::end);
    }
  }

  /** One connection. */
  private final class Link extends SimpleChannelInboundHandler<Frame> {
    private final Channel channel;
    private final SslHandler tls;
    private final TlsIdentity own;
    private final CompletableFuture<Link> ready;
    private final Map<Long, CompletableFuture<byte[]>> outstanding = new ConcurrentHashMap<>();
    private volatile long heardNanos;
    private volatile boolean retired;

    Link(Channel channel, SslHandler tls, TlsIdentity own, CompletableFuture<Link> ready) {
      this.channel = channel;
      this.tls = tls;
      this.own = own;
      this.ready = ready;
    }

    void send(Frame.Kind kind, byte[] body, CompletableFuture<byte[]> answer) {
      if (outstanding.size() >= MOST_OUTSTANDING) {
        answer.completeExceptionally(new IOException("too much is under way to " + member));
        return;
      }
      long number = numbers.incrementAndGet();
      outstanding.put(number, answer);
      CompletableFuture<byte[]> unused =
          answer.whenComplete(
              (done, failure) -> {
                outstanding.remove(number);
                if (retired && outstanding.isEmpty()) {
                  ChannelFuture unusedEnd = channel.close();
                }
              });
      channel
          .writeAndFlush(new Frame(kind, number, body).encode())
          .addListener(
              written -> {
                if (!written.isSuccess()) {
                  answer.completeExceptionally(
                      new IOException("not sent to " + member, written.cause()));
                }
              });
      if (!channel.isActive()) {
        answer.completeExceptionally(new IOException("the connection to " + member + " is lost"));
      }
    }

    void doubt() {
      if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
        ChannelFuture unusedEnd = channel.close();
      }
    }

    void end() {
      ChannelFuture unusedEnd = channel.close();
    }

    /** Ends once what is under way is answered. */
    void retire() {
      retired = true;
      if (outstanding.isEmpty()) {
        ChannelFuture unusedEnd = channel.close();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess() && isMember()) {
          heardNanos = System.nanoTime();
          succeeded();
          ready.complete(this);
        } else {
          failed(ready, new IOException(member + " did not prove its name", handshake.cause()));
          ChannelFuture unusedEnd = context.close();
        }
      }
      context.fireUserEventTriggered(event);
    }

    /** The authority has been checked; it must be this cluster's, and the very member. */
    private boolean isMember() {
      try {
        X509Certificate shown =
            (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
        return Certificates.memberOf(shown).equals(member)
            && own.member()
                .filter(m -> m.cluster().equals(Certificates.cluster(shown)))
                .isPresent();
      } catch (SSLPeerUnverifiedException e) {
        return false;
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
      heardNanos = System.nanoTime();
      CompletableFuture<byte[]> answer = outstanding.remove(frame.number());
      if (answer == null) {
        return; // too late
      }
      if (frame.kind() == Frame.Kind.ANSWER) {
        answer.complete(frame.body());
      } else {
        answer.completeExceptionally(
            new IOException(member + ": " + new String(frame.body(), StandardCharsets.UTF_8)));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      IOException lost = new IOException("the connection to " + member + " is lost");
      if (!ready.isDone()) {
        failed(ready, lost);
      }
      outstanding.values().forEach(answer -> answer.completeExceptionally(lost));
      outstanding.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("{}: {}", member, cause.toString());
      ChannelFuture unusedEnd = context.close();
    }
  }
}
