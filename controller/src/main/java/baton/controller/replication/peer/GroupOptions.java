package baton.controller.replication.peer;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a controller is told of its group.
 *
 * @param data the data directory
 * @param id its own id; empty to go by the directory's record
 * @param peers addresses by id, this controller's among them; empty to go by the record
 * @param token to join with; empty otherwise
 * @param alone the identity of the group that a controller without peers has in that directory
 */
public record GroupOptions(
    Path data, Optional<String> id, Map<String, String> peers, Optional<String> token, UUID alone) {

  public GroupOptions {
    peers = Collections.unmodifiableMap(new LinkedHashMap<>(peers));
  }

  /** Tells whether a group is asked for, or the directory belongs to a member of one. */
  public boolean isGroup() {
    return id.isPresent()
        || !peers.isEmpty()
        || token.isPresent()
        || data.resolve(MemberIdentity.FILE).toFile().exists();
  }
}
