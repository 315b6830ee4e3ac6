package baton.controller.main;

import baton.controller.clock.TimeSource;
import baton.controller.conf.SystemGroups;
import baton.controller.dispatch.IdentityText;
import baton.controller.dispatch.NameService;
import baton.controller.rpc.Identities;
import baton.protocol.type.Gid;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Users as jobs carry them. They are looked up off the network threads, and kept for a minute, so
 * that a storm of submissions waits for nobody: what is kept is answered on the caller's thread.
 * Thread-safe.
 */
final class KeptIdentities implements Identities {
  private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MAX_KEPT = 4096;

  private final NameService names;
  private final TimeSource time;
  private final Executor executor;
  private final Map<Key, Kept> kept = new ConcurrentHashMap<>();

  private record Key(Uid user, Gid group) {}

  private record Kept(Optional<Identity> identity, long nanos) {}

  /**
   * @param executor where users are looked up, which may take long
   */
  KeptIdentities(NameService names, TimeSource time, Executor executor) {
    this.names = names;
    this.time = time;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Optional<Identity>> of(Uid uid, Gid gid) {
    Key key = new Key(uid, gid);
    long now = time.monotonicNanos();
    Kept known = kept.get(key);
    if (known != null && now - known.nanos() < KEPT_NANOS) {
      return CompletableFuture.completedStage(known.identity());
    }
    return CompletableFuture.supplyAsync(() -> lookUp(key, now), executor);
  }

  @Override
  public CompletionStage<List<Long>> members(List<String> groups) {
    return CompletableFuture.supplyAsync(() -> new SystemGroups().members(groups), executor);
  }

  private Optional<Identity> lookUp(Key key, long now) {
    baton.protocol.message.Identity found = names.identity(key.user(), key.group());
    Optional<Identity> identity =
        found.userName() == null
            ? Optional.empty()
            : Optional.of(
                new Identity(
                    found.userName(),
                    names.groupName(key.group()).orElse(null),
                    IdentityText.of(found)));
    if (kept.size() >= MAX_KEPT) {
      kept.clear();
    }
    kept.put(key, new Kept(identity, now));
    return identity;
  }
}
