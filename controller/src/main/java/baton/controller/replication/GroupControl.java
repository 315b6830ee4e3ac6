package baton.controller.replication;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;

/**
 * Who belongs to the group, and the means to change it. Changes are made one at a time, by the
 * leader; Ratis takes a newcomer in only once its log has caught up.
 *
 * <p>Thread-safe; changes block.
 */
public final class GroupControl {
  private final ClientId clientId = ClientId.randomId();
  private final RaftGroupId groupId;
  private final RaftPeerId self;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final Supplier<Lead> lead;

  GroupControl(
      RaftGroupId groupId, RaftServer server, RaftServer.Division division, Supplier<Lead> lead) {
    this.groupId = groupId;
    this.self = division.getId();
    this.server = server;
    this.division = division;
    this.lead = lead;
  }

  /** Returns what this member knows now. */
  public GroupView view() {
    Lead now = lead.get();
    Map<RaftPeerId, GroupMember> members = new LinkedHashMap<>();
    long own = division.getRaftLog().getLastCommittedIndex();
    for (RaftPeer peer : division.getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER)) {
      boolean here = peer.getId().equals(self);
      members.put(peer.getId(), member(peer, here ? own : -1, here ? 0 : -1));
    }
    if (now.own()) {
      addFigures(members);
    }
    return new GroupView(
        self.toString(),
        Optional.ofNullable(now.leader()).map(RaftPeerId::toString),
        now.leader() == null ? division.getInfo().getCurrentTerm() : now.term(),
        own,
        division.getInfo().getLastAppliedIndex(),
        List.copyOf(members.values()));
  }

  private static GroupMember member(RaftPeer peer, long matched, long heardMillisAgo) {
    String address = peer.getAddress() == null ? "" : peer.getAddress();
    return new GroupMember(peer.getId().toString(), address, matched, heardMillisAgo);
  }

  /** Ratis gives both lists in the order of its senders. */
  private void addFigures(Map<RaftPeerId, GroupMember> members) {
    RoleInfoProto role = division.getInfo().getRoleInfoProto();
    long[] matched = division.getInfo().getFollowerMatchIndices();
    List<ServerRpcProto> followers = role.getLeaderInfo().getFollowerInfoList();
    if (matched == null || matched.length != followers.size()) {
      return; // senders come or go just now
    }
    for (int i = 0; i < matched.length; i++) {
      RaftPeerId id = RaftPeerId.valueOf(followers.get(i).getId().getId());
      long index = matched[i];
      long heard = followers.get(i).getLastRpcElapsedTimeMs();
      members.computeIfPresent(
          id, (key, known) -> new GroupMember(known.name(), known.address(), index, heard));
    }
  }

  /**
   * Takes a member in, and waits until it has caught up and is in.
   *
   * @param insteadOf a member that goes in the same change, whose promises it is not asked for
   * @param ownAddress where others reach this member, which leads
   * @throws IOException when that is not possible now, with the reason
   */
  public void add(String name, String address, Optional<String> insteadOf, String ownAddress)
      throws IOException {
    List<RaftPeer> peers = new ArrayList<>();
    for (RaftPeer peer : current()) {
      String known = peer.getId().toString();
      if (!known.equals(name) && !insteadOf.equals(Optional.of(known))) {
        peers.add(
            peer.getId().equals(self)
                ? RaftPeer.newBuilder(peer).setAddress(ownAddress).build()
                : peer);
      }
    }
    peers.add(RaftPeer.newBuilder().setId(RaftPeerId.valueOf(name)).setAddress(address).build());
    change(peers);
  }

  /**
   * Removes a member and waits until that is committed.
   *
   * @throws IOException when that is not possible now, with the reason
   */
  public void remove(String name) throws IOException {
    change(current().stream().filter(peer -> !peer.getId().toString().equals(name)).toList());
  }

  private List<RaftPeer> current() {
    return List.copyOf(division.getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER));
  }

  private void change(List<RaftPeer> peers) throws IOException {
    SetConfigurationRequest.Arguments arguments =
        SetConfigurationRequest.Arguments.newBuilder().setServersInNewConf(peers).build();
    settle(
        server.setConfiguration(
            new SetConfigurationRequest(
                clientId, self, groupId, CallId.getAndIncrement(), arguments)));
  }

  /**
   * Hands the lead to another member and waits until it has it.
   *
   * @throws IOException when it does not take it within the time, with the reason
   */
  public void transfer(String name, Duration atMost) throws IOException {
    settle(
        server.transferLeadership(
            new TransferLeadershipRequest(
                clientId,
                self,
                groupId,
                CallId.getAndIncrement(),
                RaftPeerId.valueOf(name),
                atMost.toMillis())));
  }

  private static void settle(RaftClientReply reply) throws IOException {
    if (!reply.isSuccess()) {
      throw new IOException(String.valueOf(reply.getException()), reply.getException());
    }
  }
}
