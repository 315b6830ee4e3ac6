package baton.controller.snapshot;

import java.io.IOException;

/** A file that is not what was written: cut short, changed, or of a format that is not known. */
public final class SnapshotDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  public SnapshotDamagedException(String message) {
    super(message);
  }
}
