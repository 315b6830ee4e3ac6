package baton.controller.replication.peer;

import baton.controller.replication.GroupNetwork;
import baton.controller.replication.LeaderLink;
import baton.controller.replication.Promises;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;

/** Networks of members in this process; between each two of them, and each way, is a relay. */
public final class RelayedPeers implements AutoCloseable {
  private static final String NOWHERE = "nowhere";

  private final List<String> members;
  private final MemberIdentity founder;
  private final Map<String, PeerNetwork> networks = new ConcurrentHashMap<>();
  private final Map<String, Relay> relays = new HashMap<>();

  public RelayedPeers(List<String> members) {
    this.members = members;
    this.founder =
        MemberIdentity.found(
            UUID.randomUUID(), members.get(0), Map.of(members.get(0), NOWHERE), Instant.now());
    for (String from : members) {
      for (String to : members) {
        if (!from.equals(to)) {
          relays.put(from + ">" + to, new Relay(() -> portOf(to)));
        }
      }
    }
  }

  private int portOf(String member) {
    PeerNetwork network = networks.get(member);
    return network == null ? 0 : network.port();
  }

  /** Makes a member's network; the one that it had before is ended. */
  public GroupNetwork network(String member) throws IOException {
    PeerNetwork before = networks.remove(member);
    if (before != null) {
      before.close();
    }
    PeerNetwork network =
        new PeerNetwork(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            (visitor, request) -> {
              throw new IOException("nobody is in");
            },
            TlsIdentity.none());
    network.become(identity(founder, member, Instant.now()));
    for (String to : members) {
      if (!to.equals(member)) {
        network.learn(to, relays.get(member + ">" + to).address());
      }
    }
    networks.put(member, network);
    return new WithoutAddresses(network);
  }

  /**
   * Each way has a relay of its own, so a member has another address for each other; none of them
   * may go round with the group's configuration.
   */
  private record WithoutAddresses(PeerNetwork network) implements GroupNetwork {
    @Override
    public String address(String member) {
      return "";
    }

    @Override
    public RaftServerRpc endpoint(RaftServer server, RpcType type) {
      return network.endpoint(server, type);
    }

    @Override
    public void promising(Promises promises) {
      network.promising(promises);
    }

    @Override
    public LeaderLink link(RaftPeerId from) {
      return network.link(from);
    }

    @Override
    public boolean isLocal() {
      return network.isLocal();
    }
  }

  /** Makes a member of the founder's cluster, certified at a time. */
  static MemberIdentity identity(MemberIdentity founder, String member, Instant certified) {
    return new MemberIdentity(
            founder.cluster(),
            founder.group(),
            member,
            false,
            true,
            Map.of(MemberName.id(member), NOWHERE),
            List.of(),
            List.of(),
            founder.authority(),
            founder.authorityKey(),
            founder.certificate(),
            founder.key())
        .renewed(certified);
  }

  public void cut(String member) {
    relays.forEach(
        (way, relay) -> {
          if (way.startsWith(member + ">") || way.endsWith(">" + member)) {
            relay.cut();
          }
        });
  }

  public void heal(String member) {
    relays.forEach(
        (way, relay) -> {
          if (way.startsWith(member + ">") || way.endsWith(">" + member)) {
            relay.heal();
          }
        });
  }

  @Override
  public void close() {
    networks.values().forEach(PeerNetwork::close);
    relays.values().forEach(Relay::close);
  }
}
