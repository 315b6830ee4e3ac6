package baton.controller.replication.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Asks a running group as an administrator; blocks. */
public final class GroupClient {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(40);

  private GroupClient() {}

  /**
   * Returns where the members are that a data directory knows.
   *
   * @throws IOException when its record cannot be read
   */
  public static Collection<String> addresses(Path data) throws IOException {
    Optional<MemberIdentity> identity = MemberIdentity.load(data);
    if (identity.isEmpty()) {
      throw new IOException(data + " belongs to no member of a group");
    }
    return identity.get().peers().values();
  }

  /**
   * Asks whichever answers first in the order given; any passes the question on to the leader.
   *
   * @param fields {@link DoorField#OPERATION} and what belongs to it
   * @throws IOException when none answers, with the reasons
   */
  public static Map<String, String> ask(
      Collection<String> addresses, Map<String, String> fields, Trust trust) throws IOException {
    StringBuilder reasons = new StringBuilder();
    for (String address : addresses) {
      try {
        return DoorClient.ask(address, fields, trust, ANSWER_WITHIN).fields();
      } catch (IOException e) {
        reasons.append(reasons.isEmpty() ? "" : "; ").append(address).append(": ");
        reasons.append(e.getMessage());
      }
    }
    throw new IOException("no controller answers: " + reasons);
  }
}
