package baton.controller.conf;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Something that a person must know about a configuration file.
 *
 * @param severity whether Baton can start in spite of it
 * @param file the file at fault
 * @param line first line of the statement, from 1; 0 if the file as a whole is meant
 * @param message what is wrong and, where it is not plain, what to do
 */
public record ConfProblem(Severity severity, Path file, int line, String message) {

  /** How bad it is. */
  public enum Severity {
    /** Baton does not start with this configuration. */
    ERROR,
    /** Baton starts, with what the message says instead. */
    WARNING,
    /** For information: keys that Baton does not know or does not honour yet. */
    NOTE
  }

  /** As {@code /etc/slurm/slurm.conf:12: error: …}. */
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line : file.toString();
    return place + ": " + severity.name().toLowerCase(Locale.ROOT) + ": " + message;
  }
}
