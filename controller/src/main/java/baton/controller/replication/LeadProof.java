package baton.controller.replication;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Proves that this member leads: a majority, asked now, is in no later term than its own. Terms
 * only grow, and a later leader needs a majority in its term, so nobody else led when this was
 * asked. Ratis' own read index does not prove as much: what it has confirmed once it takes for
 * confirmed as long as nothing is committed (ADR 0035).
 *
 * <p>Thread-safe.
 */
final class LeadProof {
  private static final long TIMEOUT_MILLIS = 1000;

  private final ClientId clientId = ClientId.randomId();
  private final RaftGroupId groupId;
  private final RaftServer.Division division;
  private final Supplier<Lead> lead;
  private final LeaderLink others;
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final ProvenLead provenLead = new ProvenLead(System::nanoTime, InstantSource.system());

  LeadProof(
      RaftGroupId groupId, RaftServer.Division division, Supplier<Lead> lead, LeaderLink others) {
    this.groupId = groupId;
    this.division = division;
    this.lead = lead;
    this.others = others;
  }

  /** Returns whether this member is the whole group. */
  boolean isAlone() {
    RaftConfiguration conf = division.getRaftConf();
    return conf.getPreviousPeers().isEmpty()
        && conf.getCurrentPeers().size() == 1
        && conf.getPeer(division.getId()) != null;
  }

  /**
   * Returns whether this member leads and has proven it lately. When that was some time ago, it is
   * proven anew meanwhile.
   *
   * @param then run when it has been, unless this returns true
   */
  boolean isFresh(Runnable then) {
    Lead now = lead.get();
    if (!now.own() || isAlone()) {
      return now.own();
    }
    boolean fresh = provenLead.isFresh(now.term());
    if (provenLead.isAgeing(now.term()) && refreshing.compareAndSet(false, true)) {
      CompletableFuture<Long> unused =
          committedIndex()
              .whenComplete(
                  (index, failure) -> {
                    refreshing.set(false);
                    if (failure == null && !fresh) {
                      then.run();
                    }
                  });
    }
    return fresh;
  }

  /**
   * Completes with the index of the log that was committed when this was called, or later; fails
   * when it is not proven within a second that this member leads.
   */
  CompletableFuture<Long> committedIndex() {
    Lead now = lead.get();
    if (!now.own()) {
      return CompletableFuture.failedFuture(new IllegalStateException("does not lead"));
    }
    ProvenLead.Asked asked = provenLead.ask();
    long committed = division.getRaftLog().getLastCommittedIndex();
    if (isAlone()) {
      return CompletableFuture.completedFuture(committed);
    }
    return proven(now.term(), division.getRaftConf())
        .thenApply(
            unused -> {
              provenLead.proven(now.term(), asked);
              return committed;
            });
  }

  private CompletableFuture<Void> proven(long term, RaftConfiguration conf) {
    Tally tally = new Tally(conf, division.getId());
    for (RaftPeerId member : tally.asked()) {
      CompletableFuture<Void> unused =
          termOf(member)
              .thenAccept(
                  theirs -> {
                    if (theirs <= term) {
                      tally.agrees(member);
                    }
                  });
    }
    return tally.outcome.orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Long> termOf(RaftPeerId member) {
    return others
        .send(request(member, RaftClientRequest.staleReadRequestType(0)))
        .thenApply(LeadProof::number);
  }

  /** Asks the member that leads for its committed index, which it proves first. */
  CompletableFuture<Long> committedIndexAt(RaftPeerId leader) {
    return others
        .send(request(leader, RaftClientRequest.readRequestType()))
        .thenApply(LeadProof::number)
        .orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private RaftClientRequest request(RaftPeerId to, RaftClientRequest.Type type) {
    return RaftClientRequest.newBuilder()
        .setClientId(clientId)
        .setServerId(to)
        .setGroupId(groupId)
        .setCallId(CallId.getAndIncrement())
        .setType(type)
        .setMessage(Message.EMPTY)
        .build();
  }

  /** What another member is told: its own term, or an index. */
  static Message answer(long number) {
    return Message.valueOf(
        UnsafeByteOperations.unsafeWrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array()));
  }

  private static long number(RaftClientReply reply) {
    ByteString content = reply.isSuccess() ? reply.getMessage().getContent() : ByteString.EMPTY;
    if (content.size() != Long.BYTES) {
      throw new IllegalStateException("no answer", reply.getException());
    }
    return content.asReadOnlyByteBuffer().getLong();
  }

  /** Counts who agrees; while the membership changes, both memberships need their majority. */
  private static final class Tally {
    final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private final List<Set<RaftPeerId>> memberships = new ArrayList<>();
    private final Set<RaftPeerId> agreed = new HashSet<>();
    private final RaftPeerId self;

    Tally(RaftConfiguration conf, RaftPeerId self) {
      this.self = self;
      memberships.add(ids(conf.getCurrentPeers(RaftPeerRole.FOLLOWER)));
      if (!conf.getPreviousPeers(RaftPeerRole.FOLLOWER).isEmpty()) {
        memberships.add(ids(conf.getPreviousPeers(RaftPeerRole.FOLLOWER)));
      }
      agrees(self);
    }

    private static Set<RaftPeerId> ids(Collection<RaftPeer> peers) {
      Set<RaftPeerId> ids = new HashSet<>();
      peers.forEach(peer -> ids.add(peer.getId()));
      return ids;
    }

    Set<RaftPeerId> asked() {
      Set<RaftPeerId> all = new HashSet<>();
      memberships.forEach(all::addAll);
      all.remove(self);
      return all;
    }

    void agrees(RaftPeerId member) {
      boolean enough = true;
      synchronized (this) {
        agreed.add(member);
        for (Set<RaftPeerId> membership : memberships) {
          long count = membership.stream().filter(agreed::contains).count();
          enough &= count > membership.size() / 2;
        }
      }
      if (enough) {
        outcome.complete(null);
      }
    }
  }
}
