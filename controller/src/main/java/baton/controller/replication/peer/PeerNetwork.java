package baton.controller.replication.peer;

import baton.controller.replication.GroupNetwork;
import baton.controller.replication.LeaderLink;
import baton.controller.replication.Promises;
import baton.controller.replication.ReplicationSettings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;

/**
 * The network between the controllers of a cluster, over TLS with certificates on both sides (ADR
 * 0032). To each member go two connections: what is long does not hold up heartbeats and votes.
 *
 * <p>Thread-safe.
 */
final class PeerNetwork implements GroupNetwork, AutoCloseable {
  /** A longer request goes over the second connection. */
  static final int BULK_BYTES = 256 << 10;

  /** Who proposes sends again what is not answered, and a question is soon too old. */
  private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(1);

  private static final int LONGEST_FRAME = ReplicationSettings.MAX_COMMAND_BYTES + (8 << 20);
  private static final int LOOPS = 2;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          LOOPS, new DefaultThreadFactory("peer-net", true), NioIoHandler.newFactory());
  private final Map<String, String> addresses = new ConcurrentHashMap<>();
  private final Map<String, Lanes> lanes = new ConcurrentHashMap<>();
  private final PeerRequests requests;
  private final PeerServer server;
  private volatile TlsIdentity identity;

  private record Lanes(PeerLane quick, PeerLane bulk) {}

  /**
   * Listens from now on; what members ask is refused until Ratis serves.
   *
   * @param shown as whom handshakes are made until it {@linkplain #become becomes} another
   * @throws IOException when the address cannot be bound
   */
  PeerNetwork(InetSocketAddress listen, Door door, TlsIdentity shown) throws IOException {
    this.identity = shown;
    this.requests = new PeerRequests(door, LONGEST_FRAME);
    PeerServer bound = null;
    try {
      bound = new PeerServer(loops, listen, () -> identity, requests);
    } finally {
      if (bound == null) {
        requests.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      }
    }
    this.server = bound;
  }

  int port() {
    return server.port();
  }

  PeerRequests requests() {
    return requests;
  }

  /** Makes all handshakes from now on as this member; what is under way is finished as before. */
  void become(MemberIdentity member) {
    identity = TlsIdentity.of(member);
    addresses.putIfAbsent(member.name(), member.address());
    lanes
        .values()
        .forEach(
            both -> {
              both.quick().renew();
              both.bulk().renew();
            });
  }

  /** Sets where a member is. */
  void learn(String member, String address) {
    if (PeerAddress.isValid(address)) {
      addresses.put(member, address);
    }
  }

  @Override
  public String address(String member) {
    return addresses.getOrDefault(member, "");
  }

  /** Asks another member; fails within the time. */
  CompletableFuture<byte[]> call(String member, Frame.Kind kind, byte[] body, Duration atMost) {
    Lanes both = lanes.computeIfAbsent(member, name -> new Lanes(lane(name), lane(name)));
    boolean bulk = kind == Frame.Kind.SNAPSHOT || body.length > BULK_BYTES;
    return (bulk ? both.bulk() : both.quick()).call(kind, body, atMost);
  }

  /**
   * Asks another member and waits for its answer.
   *
   * @throws InterruptedIOException when this thread is interrupted meanwhile
   * @throws IOException when it does not answer within the time, with the reason
   */
  byte[] ask(String member, Frame.Kind kind, byte[] body, Duration atMost) throws IOException {
    try {
      return call(member, kind, body, atMost).get(); // fails by itself within its time
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("waiting for an answer of " + member);
    }
  }

  /** Asks at another member's door, as {@link #ask(String, Frame.Kind, byte[], Duration)} does. */
  DoorWire ask(String member, Map<String, String> fields, Duration atMost) throws IOException {
    byte[] body = new DoorWire(fields, "").encode();
    return DoorWire.decode(ask(member, Frame.Kind.DOOR, body, atMost));
  }

  private PeerLane lane(String member) {
    return new PeerLane(
        loops,
        () -> identity,
        member,
        () -> {
          String address = address(member);
          return address.isEmpty() ? null : PeerAddress.resolve(address);
        },
        LONGEST_FRAME);
  }

  @Override
  public RaftServerRpc endpoint(RaftServer raft, RpcType type) {
    return new PeerEndpoint(raft, type, this);
  }

  @Override
  public void promising(Promises promises) {
    requests.promising(promises);
  }

  @Override
  public LeaderLink link(RaftPeerId from) {
    return this::send;
  }

  private CompletableFuture<RaftClientReply> send(RaftClientRequest request) {
    return call(
            request.getServerId().toString(),
            Frame.Kind.CLIENT,
            ClientWire.encode(request),
            CLIENT_PATIENCE)
        .thenApply(
            body -> {
              try {
                return ClientWire.reply(body, request);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  @Override
  public void close() {
    server.close();
    lanes
        .values()
        .forEach(
            both -> {
              both.quick().close();
              both.bulk().close();
            });
    requests.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
