package baton.importer.state;

import java.util.Objects;

/**
 * Something wrong in a StateSaveLocation, as a value: reading goes on with what is whole.
 *
 * @param file path below the StateSaveLocation, such as {@code hash.1/job.21/script}
 * @param offset byte of the file where it shows; {@link #NOWHERE} if it is about the file as such
 * @param reason in words, without the file's name
 */
public record Fault(String file, long offset, String reason) {

  /** Offset of what is about a whole file. */
  public static final long NOWHERE = -1;

  public Fault {
    Objects.requireNonNull(file);
    Objects.requireNonNull(reason);
  }

  /** A fault of a file as such. */
  public static Fault of(String file, String reason) {
    return new Fault(file, NOWHERE, reason);
  }

  @Override
  public String toString() {
    return offset == NOWHERE ? file + ": " + reason : file + " at byte " + offset + ": " + reason;
  }
}
