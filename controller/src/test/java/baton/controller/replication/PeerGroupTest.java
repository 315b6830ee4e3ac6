package baton.controller.replication;

import baton.controller.replication.peer.RelayedPeers;
import java.io.IOException;

/** Three replicas over TLS connections, each through a relay that can be cut. */
final class PeerGroupTest extends GroupScenarios {
  private final RelayedPeers peers = new RelayedPeers(MEMBERS);

  @Override
  GroupNetwork network(String member) throws IOException {
    return peers.network(member);
  }

  @Override
  void cut(String member) {
    peers.cut(member);
  }

  @Override
  void heal(String member) {
    peers.heal(member);
  }

  @Override
  void stopNetworks() {
    peers.close();
  }
}
