package baton.controller.replication;

import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;

/** How the members of a group reach each other. Thread-safe. */
public interface GroupNetwork {

  /**
   * Makes Ratis' end of it for one member. Closing that ends what this member does in the network;
   * the network itself belongs to who made it.
   */
  RaftServerRpc endpoint(RaftServer server, RpcType type);

  /** Returns the way of a member to those that lead. */
  LeaderLink link(RaftPeerId from);

  /**
   * Returns where others reach this member, as {@code host:port}; empty when that means nothing.
   */
  default String address(String member) {
    return "";
  }

  /** Sets who is told of what this member promises to others. */
  default void promising(Promises promises) {}

  /** Tells whether all members are in this process. */
  default boolean isLocal() {
    return false;
  }
}
