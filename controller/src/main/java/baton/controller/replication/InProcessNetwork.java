package baton.controller.replication;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;

/**
 * Connects replicas of one process by direct calls. A replica that is alone has one to itself, and
 * so opens no port at all; tests connect several, and cut some off.
 *
 * <p>Thread-safe.
 */
public final class InProcessNetwork implements GroupNetwork {

  private final Map<RaftPeerId, RaftServer> servers = new ConcurrentHashMap<>();
  private final Set<RaftPeerId> cutOff = ConcurrentHashMap.newKeySet();

  /** Lets no message of this member through any more, in either direction. */
  public void cut(String member) {
    cutOff.add(RaftPeerId.valueOf(member));
  }

  /** Undoes {@link #cut}. */
  public void heal(String member) {
    cutOff.remove(RaftPeerId.valueOf(member));
  }

  void add(RaftServer server) {
    servers.put(server.getId(), server);
  }

  void remove(RaftServer server) {
    servers.remove(server.getId(), server);
  }

  @Override
  public RaftServerRpc endpoint(RaftServer server, RpcType type) {
    return new InProcessEndpoint(server, type, this);
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public LeaderLink link(RaftPeerId from) {
    return request -> {
      try {
        return reach(from, request.getServerId()).submitClientRequestAsync(request);
      } catch (IOException | RuntimeException unreachable) {
        return CompletableFuture.failedFuture(unreachable);
      }
    };
  }

  RaftServer reach(RaftPeerId from, RaftPeerId to) throws IOException {
    RaftServer server = servers.get(to);
    if (server == null || cutOff.contains(from) || cutOff.contains(to)) {
      throw new IOException(to + " cannot be reached from " + from);
    }
    return server;
  }
}
