package baton.controller.replication;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of a replica is not what was written, and nothing else in its directory makes up for it. A
 * member of a group comes back as another member (ADR 0036); a replica that is alone cannot start.
 *
 * <p>The message names file, offset and reason, for the administrator.
 */
public final class DamagedDataException extends IOException {
  private static final long serialVersionUID = 1;

  /** Damage at a byte of a file. */
  public DamagedDataException(Path file, long offset, String reason) {
    super(file + " at byte " + offset + ": " + reason);
  }

  /** Damage of a file or a directory as a whole. */
  public DamagedDataException(Path file, String reason) {
    super(file + ": " + reason);
  }

  /** Damage that was found and noted by an earlier process. */
  DamagedDataException(String noted) {
    super(noted);
  }
}
