package baton.protocol.schema;

import java.util.List;
import java.util.stream.Collectors;

/**
 * All releases of a schema, oldest first.
 *
 * @param names as in version ranges, such as {@code 22.05}; at most 63
 */
public record Releases(List<String> names) {

  public Releases {
    names = List.copyOf(names);
    if (names.isEmpty() || names.size() > 63) {
      throw new IllegalArgumentException(names.size() + " releases");
    }
  }

  public int count() {
    return names.size();
  }

  public ReleaseSet all() {
    return run(0, names.size() - 1);
  }

  /** The constant of the release enum: {@code V22_05}. */
  public String constant(int release) {
    return "V" + names.get(release).replace('.', '_');
  }

  /**
   * Reads {@code 22.05+}, {@code 22.05-23.11}, {@code 24.05}, or several of them separated by
   * commas. Fails with IllegalArgumentException.
   */
  public ReleaseSet parse(String ranges) {
    ReleaseSet set = new ReleaseSet(0);
    int start = 0;
    while (start <= ranges.length()) {
      int comma = ranges.indexOf(',', start);
      int end = comma < 0 ? ranges.length() : comma;
      ReleaseSet range = parseOne(ranges.substring(start, end).trim());
      if (set.overlaps(range)) {
        throw new IllegalArgumentException("versions \"" + ranges + "\" overlap");
      }
      set = set.or(range);
      start = end + 1;
    }
    return set;
  }

  private ReleaseSet parseOne(String range) {
    int dash = range.indexOf('-');
    if (range.endsWith("+")) {
      return run(index(range.substring(0, range.length() - 1)), names.size() - 1);
    }
    if (dash >= 0) {
      int first = index(range.substring(0, dash).trim());
      int last = index(range.substring(dash + 1).trim());
      if (first > last) {
        throw new IllegalArgumentException("versions \"" + range + "\" run backwards");
      }
      return run(first, last);
    }
    int release = index(range);
    return run(release, release);
  }

  private int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("unknown release \"" + name + "\"");
    }
    return index;
  }

  private static ReleaseSet run(int first, int last) {
    return new ReleaseSet((2L << last) - (1L << first));
  }

  /** As people write it. */
  public String describe(ReleaseSet set) {
    return set.runs().stream().map(this::describe).collect(Collectors.joining(","));
  }

  private String describe(ReleaseSet.Run run) {
    String first = names.get(run.first());
    if (run.last() == names.size() - 1) {
      return first + "+";
    }
    return run.first() == run.last() ? first : first + "-" + names.get(run.last());
  }
}
