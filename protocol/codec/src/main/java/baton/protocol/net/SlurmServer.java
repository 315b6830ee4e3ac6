package baton.protocol.net;

import baton.protocol.auth.Authenticator;
import baton.protocol.net.ServerCounters.Event;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Listens where slurmctld would and hands verified requests to a {@link MessageHandler}.
 *
 * <p>Bounded by {@link ServerLimits}: when too many connections are open none is accepted until one
 * ends, so that clients wait in the kernel's backlog as they do for slurmctld. Any thread may call.
 */
// what fails on a channel closes it, and the close is seen by channelInactive
@SuppressWarnings("FutureReturnValueIgnored")
public final class SlurmServer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final ServerContext context;
  private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
  private final Tally<InetAddress> addresses;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final EventLoops loops;
  private volatile Channel listener;
  private volatile boolean draining;

  private SlurmServer(EventLoops loops, ServerContext context) {
    this.loops = loops;
    this.context = context;
    this.addresses = new Tally<>(context.limits().maxConnectionsPerAddress());
  }

  /**
   * Starts to listen; fails when the address is taken.
   *
   * @param loops the network threads
   * @param address where to listen; port 0 takes a free one
   * @param authenticator verifies requests, and seals replies to 22.05
   */
  public static SlurmServer bind(
      EventLoops loops,
      InetSocketAddress address,
      Authenticator authenticator,
      ServerLimits limits,
      MessageHandler handler)
      throws IOException {
    SlurmServer server = new SlurmServer(loops, new ServerContext(authenticator, handler, limits));
    server.listen(address);
    return server;
  }

  private void listen(InetSocketAddress address) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + address, bound.cause());
    }
    listener = bound.channel();
  }

  private void accepted(SocketChannel channel) {
    context.counters().count(Event.ACCEPTED);
    InetAddress peer = channel.remoteAddress().getAddress();
    if (draining) {
      context.counters().count(Event.DRAINING);
      channel.close();
      return;
    }
    if (!addresses.tryTake(peer)) {
      context.counters().count(Event.TOO_MANY_FROM_ADDRESS);
      channel.close();
      return;
    }
    connections.add(channel);
    channel.closeFuture().addListener(closed -> ended(channel, peer));
    throttle();
    channel.pipeline().addLast(new ServerConnection(context));
  }

  private void ended(Channel channel, InetAddress peer) {
    connections.remove(channel);
    addresses.giveBack(peer);
    throttle();
    if (draining && connections.isEmpty()) {
      drained.complete(null);
    }
  }

  private void throttle() {
    if (listener != null) {
      boolean room = connections.size() < context.limits().maxConnections();
      if (listener.config().isAutoRead() != room) {
        listener.config().setAutoRead(room);
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  public ServerCounters counters() {
    return context.counters();
  }

  /** Connections open now. */
  public int openConnections() {
    return connections.size();
  }

  /** Bytes of requests held now. */
  public long bytesInFlight() {
    return context.budget().used();
  }

  /**
   * Stops to accept and lets the requests that arrived be answered.
   *
   * @param patience how long; what is left then is cut off
   * @return done when no connection is left
   */
  public CompletionStage<Void> drain(Duration patience) {
    draining = true;
    listener.close().awaitUninterruptibly();
    if (connections.isEmpty()) {
      drained.complete(null);
    }
    loops.group().schedule(this::cutOff, patience.toMillis(), TimeUnit.MILLISECONDS);
    return drained;
  }

  private void cutOff() {
    connections.forEach(Channel::close);
  }

  /** Stops at once; answers that are not written yet are lost. */
  @Override
  public void close() {
    draining = true;
    listener.close().awaitUninterruptibly();
    cutOff();
  }
}
