package baton.controller.conf;

import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One key of slurm.conf: what Slurm makes of it and what Baton does.
 *
 * @param section the lines in which it stands
 * @param name as Slurm writes it; case does not matter in files
 * @param releases in which it has an effect, as {@code 23.02+} or {@code 22.05-23.11}
 * @param type how its value is read
 * @param defaults what slurmctld shows where the key is absent, by release; as text
 * @param status what Baton does with it
 * @param note why Baton needs nothing of it, or what Slurm does about an old key; may be empty
 */
public record ConfKey(
    ConfSection section,
    String name,
    String releases,
    Type type,
    String defaults,
    Status status,
    String note) {

  /** How a value is read. */
  public enum Type {
    STRING,
    U16,
    U32,
    U64,
    BOOLEAN,
    /** May be given several times. */
    LIST
  }

  /** What Baton does with a key. */
  public enum Status {
    /** Has the effect that it has in Slurm. */
    HONOURED,
    /** The controller need not do anything about it. */
    ACCEPTED,
    /** Known, and without effect in this version of Baton. */
    NOT_YET;

    /** As in the table: {@code not-yet}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The default in a release, or null if the key has none there. */
  public String defaultFor(Release release) {
    if (defaults.isEmpty()) {
      return null;
    }
    for (String part : defaults.split("; ", -1)) {
      int colon = part.indexOf(": ");
      boolean ranged = colon > 0 && part.substring(0, colon).matches("\\d\\d\\.\\d\\d[-+.\\d]*");
      if (!ranged) {
        return part;
      }
      if (releasesIn(part.substring(0, colon)).contains(release)) {
        return part.substring(colon + 2);
      }
    }
    return null;
  }

  static List<Release> releasesIn(String range) {
    int hyphen = range.indexOf('-');
    boolean open = range.endsWith("+");
    String first = hyphen > 0 ? range.substring(0, hyphen) : range.replace("+", "");
    String last = hyphen > 0 ? range.substring(hyphen + 1) : open ? "26.05" : first;
    Release from = Release.ofLabel(first).orElseThrow();
    Release to = Release.ofLabel(last).orElseThrow();
    List<Release> releases = new ArrayList<>();
    for (Release release : Release.values()) {
      if (release.compareTo(from) >= 0 && release.compareTo(to) <= 0) {
        releases.add(release);
      }
    }
    return releases;
  }
}
