package baton.controller.replication.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The port where members and guests come in. Who has not shown a member's certificate may send one
 * short request within seconds, and there are few such at a time.
 */
final class PeerServer implements AutoCloseable {
  /** The longest frame of one that is not a member. */
  static final int GUEST_FRAME_BYTES = 16 << 10;

  private static final int MOST_GUESTS = 64;
  private static final int HANDSHAKE_MILLIS = 5000;

  private final Channel channel;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger guests = new AtomicInteger();

  /**
   * @throws IOException when the address cannot be bound
   */
  PeerServer(
      EventLoopGroup loops,
      InetSocketAddress address,
      Supplier<TlsIdentity> identity,
      PeerRequests requests)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    accept(accepted, identity.get(), requests);
                  }
                });
    try {
      channel = bootstrap.bind(address).syncUninterruptibly().channel();
    } catch (Exception e) {
      // Netty throws what is not declared
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  private void accept(Channel accepted, TlsIdentity own, PeerRequests requests) {
    if (guests.incrementAndGet() > MOST_GUESTS) {
      guests.decrementAndGet();
      ChannelFuture unusedEnd = accepted.close();
      return;
    }
    connections.add(accepted);
    SslHandler tls = own.server().newHandler(accepted.alloc());
    tls.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    Frame.Decoder decoder = new Frame.Decoder(GUEST_FRAME_BYTES);
    PeerConnection connection =
        new PeerConnection(tls, own, decoder, requests, guests::decrementAndGet);
    accepted.pipeline().addLast(tls).addLast(decoder).addLast(connection);
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    ChannelGroupFuture unusedEnds = connections.close();
  }
}
