package baton.controller.replication;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/** Ratis' transport over a {@link GroupNetwork}. Ratis makes it by its class name. */
final class GroupRpc implements RpcType {
  private static final String NETWORK = "baton.network";

  GroupRpc() {}

  static Parameters parameters(GroupNetwork network) {
    Parameters parameters = new Parameters();
    parameters.put(NETWORK, network, GroupNetwork.class);
    return parameters;
  }

  @Override
  public String name() {
    return GroupRpc.class.getName();
  }

  @Override
  public ServerFactory newFactory(Parameters parameters) {
    GroupNetwork network = parameters.getNonNull(NETWORK, GroupNetwork.class);
    return new ServerFactory() {
      @Override
      public RaftServerRpc newRaftServerRpc(RaftServer server) {
        return network.endpoint(server, GroupRpc.this);
      }

      @Override
      public RpcType getRpcType() {
        return GroupRpc.this;
      }
    };
  }
}
