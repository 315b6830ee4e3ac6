package baton.controller.replication.peer;

import java.io.IOException;

/**
 * How machines of one Slurm cluster know each other's root and SlurmUser before they share anything
 * of ours: munge. Calls block; thread-safe.
 */
public interface Trust {

  /** Who sealed something, and what. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Opened(long uid, byte[] payload) {}

  /**
   * Seals a payload of a few bytes.
   *
   * @param reader the only user that can open it
   * @throws IOException when munge does not, with the reason
   */
  String seal(byte[] payload, long reader) throws IOException;

  /**
   * Opens what was sealed for this user; a second time it is a replay and refused.
   *
   * @throws IOException when munge does not, with the reason
   */
  Opened open(String sealed) throws IOException;

  /** The user that controllers run as. */
  long slurmUser();

  /** Tells whether a user may ask at the door. */
  default boolean isAdministrator(long uid) {
    return uid == 0 || uid == slurmUser();
  }
}
