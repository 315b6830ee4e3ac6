package baton.protocol.load;

import baton.protocol.auth.Audience;
import baton.protocol.auth.AuthInfo;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.DigestPolicy;
import baton.protocol.auth.MungeAuthenticator;
import baton.protocol.auth.MungePool;
import baton.protocol.load.Arguments.UsageException;
import baton.protocol.message.MessageType;
import baton.protocol.net.EventLoops;
import baton.protocol.net.Message;
import baton.protocol.net.SendOptions;
import baton.protocol.net.SendOutcome;
import baton.protocol.net.SlurmClient;
import baton.protocol.type.Release;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The controller under load, asked by many threads at once, each waiting for its own answer. */
final class Peer implements AutoCloseable {
  /** As long as a client waits with a generous MessageTimeout. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Enough that connecting, sealing and verifying are compiled before anything is measured. */
  private static final int WARM_UP_PINGS = 200;

  private static final int MUNGE_THREADS = 8;
  private static final int NETWORK_THREADS = 2;

  private final List<InetSocketAddress> addresses;
  private final AtomicInteger turns = new AtomicInteger();
  private final Release release;
  private final EventLoops loops = new EventLoops(NETWORK_THREADS);
  private final Authenticator authenticator;
  private final SlurmClient client;

  private Peer(List<InetSocketAddress> addresses, Release release, MungePool pool) {
    this.addresses = List.copyOf(addresses);
    this.release = release;
    this.authenticator = new MungeAuthenticator(pool, DigestPolicy.STRICT);
    this.client = new SlurmClient(loops, authenticator, SlurmClient.Settings.DEFAULT);
  }

  static Peer of(Arguments arguments) throws UsageException {
    return new Peer(
        arguments.controllers(), arguments.release(), pool(arguments, MUNGE_THREADS, 4096));
  }

  static MungePool pool(Arguments arguments, int threads, int queue) throws UsageException {
    AuthInfo munged = new AuthInfo(Optional.of(arguments.required("munge-socket")), 0);
    return new MungePool(
        new MungePool.Settings(munged, Math.min(threads, 64), queue, Duration.ofSeconds(10)));
  }

  /** How many controllers there are. */
  int count() {
    return addresses.size();
  }

  /** Asks the first of them; blocks until the outcome is there. */
  SendOutcome ask(Message message) {
    return ask(0, message, PATIENCE);
  }

  /** Asks the next of them in turn; blocks until the outcome is there. */
  SendOutcome askNext(Message message) {
    return ask(Math.floorMod(turns.getAndIncrement(), addresses.size()), message, PATIENCE);
  }

  /** Asks one of the controllers; blocks until the outcome is there. */
  SendOutcome ask(int which, Message message, Duration patience) {
    InetSocketAddress address = addresses.get(which);
    return client
        .send(address, release, message, SendOptions.to(Audience.anyone()).within(patience))
        .toCompletableFuture()
        .join();
  }

  /** Pings until the code that every message passes is warm. */
  Peer warmedUp() {
    for (int i = 0; i < WARM_UP_PINGS; i++) {
      ask(Message.empty(MessageType.REQUEST_PING));
    }
    return this;
  }

  @Override
  public void close() {
    client.close();
    authenticator.close();
    loops.close();
  }
}
