package baton.protocol.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The network threads of a process, shared by its servers and clients. Made and closed in main. */
public final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;

  /**
   * @param threads number of threads, at least 1; one for each core is enough, since none blocks
   */
  public EventLoops(int threads) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("net", true), NioIoHandler.newFactory());
  }

  EventLoopGroup group() {
    return group;
  }

  /** Ends all connections that are left; at most 5 s. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
