package baton.controller.replication.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
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

/** Ratis' end of the network. What it asks of other members blocks, within bounds. */
final class PeerEndpoint implements RaftServerRpc {
  private static final Duration VOTE_PATIENCE = Duration.ofSeconds(1);
  private static final Duration APPEND_PATIENCE = Duration.ofSeconds(2);
  private static final Duration BULK_PATIENCE = Duration.ofSeconds(30);

  private final RaftServer server;
  private final RpcType type;
  private final PeerNetwork network;

  PeerEndpoint(RaftServer server, RpcType type, PeerNetwork network) {
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
    network.requests().serve(server);
  }

  @Override
  public void close() {
    network.requests().stopServing();
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return null;
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    for (RaftPeer peer : peers) {
      if (peer.getAddress() != null && !peer.getAddress().isEmpty()) {
        network.learn(peer.getId().toString(), peer.getAddress());
      }
    }
  }

  @Override
  public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {}

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return RequestVoteReplyProto.parseFrom(
        call(request.getServerRequest(), Frame.Kind.VOTE, request.toByteArray()));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return AppendEntriesReplyProto.parseFrom(
        call(request.getServerRequest(), Frame.Kind.APPEND, request.toByteArray()));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return InstallSnapshotReplyProto.parseFrom(
        call(request.getServerRequest(), Frame.Kind.SNAPSHOT, request.toByteArray()));
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return StartLeaderElectionReplyProto.parseFrom(
        call(request.getServerRequest(), Frame.Kind.ELECTION, request.toByteArray()));
  }

  private byte[] call(RaftRpcRequestProto request, Frame.Kind kind, byte[] body)
      throws IOException {
    boolean bulk = kind == Frame.Kind.SNAPSHOT || body.length > PeerNetwork.BULK_BYTES;
    return network.ask(
        request.getReplyId().toStringUtf8(),
        kind,
        body,
        bulk ? BULK_PATIENCE : kind == Frame.Kind.APPEND ? APPEND_PATIENCE : VOTE_PATIENCE);
  }
}
