package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import baton.controller.snapshot.LogPosition;
import baton.controller.snapshot.StateDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Checks that replicas that applied the same log have the same state (I4). A mark in the log makes
 * every replica remember its state there, which costs a reference, and digest it beside its other
 * work. A later entry carries the leader's digest, and a replica with another one stops.
 */
final class DigestChecks<S> {

  private static final int MARKS_KEPT = 4;

  private final StateCodec<S> codec;
  private final Executor executor;
  private final FaultHandler faults;
  private final TreeMap<LogPosition, CompletableFuture<StateDigest>> marks = new TreeMap<>();

  DigestChecks(StateCodec<S> codec, Executor executor, FaultHandler faults) {
    this.codec = codec;
    this.executor = executor;
    this.faults = faults;
  }

  /** Remembers the state at a mark. */
  synchronized void mark(StateAt<S> at) {
    CompletableFuture<StateDigest> digest = new CompletableFuture<>();
    marks.put(at.position(), digest);
    while (marks.size() > MARKS_KEPT) {
      marks.pollFirstEntry();
    }
    executor.execute(
        () -> {
          try {
            digest.complete(codec.digest(at));
          } catch (IOException | RuntimeException e) {
            digest.completeExceptionally(e);
          }
        });
  }

  /** Returns the digest at a mark of this replica, failed when the mark is not known here. */
  synchronized CompletableFuture<StateDigest> at(LogPosition mark) {
    CompletableFuture<StateDigest> digest = marks.get(mark);
    return digest == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no mark at " + mark))
        : digest;
  }

  /**
   * Compares with the leader's digest. A replica that does not know the mark has nothing to say.
   */
  void verify(StateDigest leaders) {
    CompletableFuture<StateDigest> digest;
    synchronized (this) {
      digest = marks.get(leaders.position());
    }
    if (digest == null) {
      return;
    }
    CompletableFuture<StateDigest> unused =
        digest.whenComplete((own, failure) -> compare(leaders, own, failure));
  }

  private void compare(StateDigest leaders, StateDigest own, Throwable failure) {
    if (failure != null) {
      faults.report("the state could not be digested", failure);
    } else if (!own.equals(leaders)) {
      faults.fatal(
          "the state differs from the leader's (I4)",
          new IllegalStateException("here " + own + ", at the leader " + leaders));
    }
  }

  static byte[] encode(StateDigest digest) {
    return ByteBuffer.allocate(2 * Long.BYTES + 32)
        .putLong(digest.position().term())
        .putLong(digest.position().index())
        .put(HexFormat.of().parseHex(digest.sha256()))
        .array();
  }

  static StateDigest decode(byte[] payload) {
    if (payload.length != 2 * Long.BYTES + 32) {
      throw new IllegalArgumentException("a digest of " + payload.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(payload);
    LogPosition position = new LogPosition(in.getLong(), in.getLong());
    byte[] sha256 = new byte[32];
    in.get(sha256);
    return new StateDigest(position, HexFormat.of().formatHex(sha256));
  }
}
