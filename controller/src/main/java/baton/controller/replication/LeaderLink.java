package baton.controller.replication;

import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;

/** Hands requests to the member that leads; any thread. */
public interface LeaderLink extends AutoCloseable {
  /** Sends to the member that {@code request} names; the future fails when no answer came. */
  CompletableFuture<RaftClientReply> send(RaftClientRequest request);

  @Override
  default void close() {}
}
