package baton.protocol.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Some of the releases, by their position in {@link Releases}.
 *
 * @param mask bit n stands for release n
 */
public record ReleaseSet(long mask) {

  /** A run of releases, both ends included. */
  public record Run(int first, int last) {}

  public boolean contains(int release) {
    return (mask >>> release & 1) != 0;
  }

  public boolean isEmpty() {
    return mask == 0;
  }

  public ReleaseSet and(ReleaseSet other) {
    return new ReleaseSet(mask & other.mask);
  }

  public ReleaseSet or(ReleaseSet other) {
    return new ReleaseSet(mask | other.mask);
  }

  public ReleaseSet minus(ReleaseSet other) {
    return new ReleaseSet(mask & ~other.mask);
  }

  public boolean overlaps(ReleaseSet other) {
    return (mask & other.mask) != 0;
  }

  /** The runs without gaps, ascending. */
  public List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    int release = 0;
    while (release < Long.SIZE) {
      if (!contains(release)) {
        release++;
        continue;
      }
      int first = release;
      while (release < Long.SIZE && contains(release)) {
        release++;
      }
      runs.add(new Run(first, release - 1));
    }
    return runs;
  }
}
