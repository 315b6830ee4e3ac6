package baton.controller.replication;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.conf.Parameters;
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
import org.apache.ratis.server.ServerFactory;

/** Ratis' transport over an {@link InProcessNetwork}. Ratis makes it by its class name. */
final class InProcessRpc implements RpcType {

  private static final String NETWORK = "baton.network";

  InProcessRpc() {}

  static Parameters parameters(InProcessNetwork network) {
    Parameters parameters = new Parameters();
    parameters.put(NETWORK, network, InProcessNetwork.class);
    return parameters;
  }

  @Override
  public String name() {
    return InProcessRpc.class.getName();
  }

  @Override
  public ServerFactory newFactory(Parameters parameters) {
    InProcessNetwork network = parameters.getNonNull(NETWORK, InProcessNetwork.class);
    return new ServerFactory() {
      @Override
      public RaftServerRpc newRaftServerRpc(RaftServer server) {
        return new Endpoint(server, network);
      }

      @Override
      public RpcType getRpcType() {
        return InProcessRpc.this;
      }
    };
  }

  private final class Endpoint implements RaftServerRpc {
    private final RaftServer server;
    private final InProcessNetwork network;

    Endpoint(RaftServer server, InProcessNetwork network) {
      this.server = server;
      this.network = network;
    }

    @Override
    public RpcType getRpcType() {
      return InProcessRpc.this;
    }

    @Override
    public void start() {
      network.add(server);
    }

    @Override
    public void close() {
      network.remove(server);
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
      return target(request.getServerRequest()).requestVote(request);
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
        throws IOException {
      return target(request.getServerRequest()).appendEntries(request);
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
        throws IOException {
      return target(request.getServerRequest()).installSnapshot(request);
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
        StartLeaderElectionRequestProto request) throws IOException {
      return target(request.getServerRequest()).startLeaderElection(request);
    }

    private RaftServer target(RaftRpcRequestProto request) throws IOException {
      return network.reach(server.getId(), RaftPeerId.valueOf(request.getReplyId()));
    }
  }
}
