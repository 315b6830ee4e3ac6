package baton.controller.replication;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;

/** A member's end of an {@link InProcessNetwork}. */
final class InProcessEndpoint implements RaftServerRpc {

  private static final long TIMEOUT_SECONDS = 3;

  private final RaftServer server;
  private final RpcType type;
  private final InProcessNetwork network;
  private final ExecutorService calls = Background.threads("replication-call");

  InProcessEndpoint(RaftServer server, RpcType type, InProcessNetwork network) {
    this.server = server;
    this.type = type;
    this.network = network;
  }

  @Override
  public RpcType getRpcType() {
    return type;
  }

  @Override
  public void start() {
    network.add(server);
  }

  @Override
  public void close() {
    network.remove(server);
    calls.shutdown();
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return null;
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {}

  @Override
  public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {}

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return call(request.getServerRequest(), peer -> peer.requestVote(request));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return call(request.getServerRequest(), peer -> peer.appendEntries(request));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return call(request.getServerRequest(), peer -> peer.installSnapshot(request));
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return call(request.getServerRequest(), peer -> peer.startLeaderElection(request));
  }

  /**
   * Calls a peer from another thread and waits within bounds, as over a network: a peer that is
   * stopped during a call never answers it, and the caller would never send to it again.
   */
  private <T> T call(RaftRpcRequestProto request, Call<T> call) throws IOException {
    RaftServer peer = network.reach(server.getId(), RaftPeerId.valueOf(request.getReplyId()));
    Future<T> answer = calls.submit(() -> call.on(peer));
    try {
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(peer.getId() + " failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(peer.getId() + " did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("waiting for " + peer.getId());
    } finally {
      answer.cancel(false);
    }
  }

  /** One request, sent. */
  private interface Call<T> {
    T on(RaftServer peer) throws IOException;
  }
}
