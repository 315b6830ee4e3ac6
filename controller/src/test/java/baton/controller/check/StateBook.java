package baton.controller.check;

import baton.controller.apply.Reply;
import baton.controller.journal.StateCodec;
import baton.controller.model.ClusterState;
import baton.controller.snapshot.LogPosition;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** What each entry of the log did, to see that it does the same everywhere (I4). */
final class StateBook {
  private static final int DIGEST_EVERY = 64;

  private record Did(long term, int replies, int facts, long digest) {}

  private final Map<Long, Did> entries = new HashMap<>();
  private long newest = -1;

  long newest() {
    return newest;
  }

  /** Writes down what an entry did; returns what differs from what it did elsewhere, or null. */
  String applied(LogPosition position, List<Reply> replies, ClusterState state) {
    boolean whole = position.index() % DIGEST_EVERY == 0;
    Did did =
        new Did(
            position.term(),
            replies.hashCode(),
            state.facts().hashCode(),
            whole ? digest(state) : 0);
    newest = Math.max(newest, position.index());
    Did first = entries.putIfAbsent(position.index(), did);
    if (first == null || first.equals(did)) {
      return null;
    }
    return first.term() != did.term()
        ? "two entries at " + position.index() + ", of terms " + first.term() + ", " + did.term()
        : "the entry at " + position + " does not do the same everywhere";
  }

  /** A digest over all bytes of a state. */
  static long digest(ClusterState state) {
    CRC32C crc = new CRC32C();
    try {
      StateCodec.write(
          state,
          new OutputStream() {
            @Override
            public void write(int one) {
              crc.update(one);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
              crc.update(bytes, offset, length);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return crc.getValue();
  }
}
