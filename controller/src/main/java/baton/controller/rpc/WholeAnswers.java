package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.controller.query.Asker;
import baton.controller.query.JobAnswers;
import baton.protocol.net.EncodedBody;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whole answers about all jobs, kept while nothing changes: many who ask for a queue at rest, or
 * several within the same change, get the same bytes with the same digest. One answer for each
 * release, flags and kind of asker, those of the latest state alone, and none beyond a bound. Any
 * thread.
 */
final class WholeAnswers {
  private final long maxBytes;

  // guarded by this
  private final Map<Key, Kept> kept = new HashMap<>();
  private ClusterState of;
  private long keptBytes;

  /**
   * Who would get the same answer.
   *
   * @param user set where it depends on the user what he is shown
   */
  private record Key(Release release, int showFlags, boolean operator, Optional<Uid> user) {}

  /**
   * An answer.
   *
   * @param at the time of the question; null if the answer does not depend on it
   */
  private record Kept(EncodedBody body, Instant at) {}

  /** An answer that was made. */
  record Made(EncodedBody body, boolean dependsOnTime) {}

  WholeAnswers(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The answer that is kept for such an asker, or what {@code maker} makes. */
  EncodedBody get(ClusterState state, Asker asker, Supplier<Made> maker) {
    boolean ofHimself = !asker.operator() && !JobAnswers.sameForAll(state, asker);
    Key key =
        new Key(
            asker.release(),
            asker.showFlags(),
            asker.operator(),
            ofHimself ? Optional.of(asker.uid()) : Optional.empty());
    EncodedBody known = find(state, key, asker.now());
    if (known != null) {
      return known;
    }
    Made made = maker.get();
    EncodedBody body = made.body().bytes() <= maxBytes ? made.body().joined() : made.body();
    keep(state, key, new Kept(body, made.dependsOnTime() ? asker.now() : null));
    return body;
  }

  @SuppressWarnings("ReferenceEquality") // immutable: another reference is another state
  private synchronized EncodedBody find(ClusterState state, Key key, Instant now) {
    Kept found = of == state ? kept.get(key) : null;
    boolean good = found != null && (found.at() == null || found.at().equals(now));
    return good ? found.body() : null;
  }

  @SuppressWarnings("ReferenceEquality") // immutable: another reference is another state
  private synchronized void keep(ClusterState state, Key key, Kept answer) {
    if (of != state) {
      kept.clear();
      keptBytes = 0;
      of = state;
    }
    Kept replaced = kept.remove(key);
    keptBytes -= replaced == null ? 0 : replaced.body().bytes();
    if (keptBytes + answer.body().bytes() <= maxBytes) {
      kept.put(key, answer);
      keptBytes += answer.body().bytes();
    }
  }
}
