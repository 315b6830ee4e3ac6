package baton.protocol.net;

import baton.protocol.auth.Authenticator;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Release;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends messages to slurmd, srun, and other controllers, each on a connection of its own, as Slurm
 * does. Outcomes are values; they arrive on a network or authenticator thread, which they must not
 * hold up. Any thread may call, and nothing blocks. To many nodes see {@link NodeTree}.
 */
public final class SlurmClient implements AutoCloseable {
  /**
   * What a client may use.
   *
   * @param maxConnections connections open at a time
   * @param maxWaiting messages that wait for one; more fail at once
   * @param maxReplyBytes longest reply
   * @param maxBytesInFlight what all connections together hold of replies
   * @param connectTimeout TCPTimeout of slurm.conf
   */
  public record Settings(
      int maxConnections,
      int maxWaiting,
      int maxReplyBytes,
      long maxBytesInFlight,
      Duration connectTimeout) {
    public static final Settings DEFAULT =
        new Settings(1024, 100_000, 64 << 20, 256L << 20, Duration.ofSeconds(2));
  }

  private final Settings settings;
  private final EventLoops loops;
  private final Authenticator authenticator;
  private final Bootstrap bootstrap;
  private final ByteBudget budget;
  private final SendQueue queue;
  private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Uses the loops and the authenticator, and closes neither. */
  public SlurmClient(EventLoops loops, Authenticator authenticator, Settings settings) {
    this.settings = settings;
    this.loops = loops;
    this.authenticator = authenticator;
    this.budget = new ByteBudget(settings.maxBytesInFlight());
    this.queue = new SendQueue(settings.maxConnections(), settings.maxWaiting());
    this.bootstrap =
        new Bootstrap()
            .group(loops.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis());
  }

  /**
   * Sends one message and waits for its reply.
   *
   * @param peer where to, resolved
   * @param release what the peer speaks
   */
  public CompletionStage<SendOutcome> send(
      InetSocketAddress peer, Release release, Message message, SendOptions options) {
    return exchange(peer, release, message, Optional.empty(), options)
        .thenApply(Exchange.Result::outcome);
  }

  CompletionStage<Exchange.Result> exchange(
      InetSocketAddress peer,
      Release release,
      Message message,
      Optional<ForwardSection> forward,
      SendOptions options) {
    Exchange exchange = new Exchange(this, peer, release, message, forward, options);
    long start = System.nanoTime();
    exchanges.add(exchange);
    boolean taken =
        !closed
            && queue.offer(
                () -> {
                  exchange.result().whenComplete((outcome, fault) -> queue.finished());
                  exchange.start(Duration.ofNanos(System.nanoTime() - start));
                });
    exchange.result().whenComplete((outcome, fault) -> exchanges.remove(exchange));
    if (!taken) {
      exchange.stop(
          closed ? Reason.STOPPED : Reason.TOO_MANY, settings.maxWaiting() + " messages wait");
    }
    return exchange.result();
  }

  Settings settings() {
    return settings;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  EventLoop nextLoop() {
    return loops.group().next();
  }

  Bootstrap bootstrap() {
    return bootstrap;
  }

  ByteBudget budget() {
    return budget;
  }

  /** Messages that wait for a connection now. */
  public int waiting() {
    return queue.waiting();
  }

  /** Connections in use now. */
  public int connections() {
    return queue.running();
  }

  /** Ends all exchanges; each is told {@link Reason#STOPPED}. */
  @Override
  public void close() {
    closed = true;
    exchanges.forEach(exchange -> exchange.stop(Reason.STOPPED, "the client was closed"));
  }
}
