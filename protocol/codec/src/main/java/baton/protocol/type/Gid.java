package baton.protocol.type;

/**
 * A group id of the cluster.
 *
 * @param value as it stands in a u32 on the wire: 0 to 0xffffffff
 */
public record Gid(long value) implements Comparable<Gid> {

  /** The superuser's group. */
  public static final Gid ROOT = new Gid(0);

  public Gid {
    NoVal.requireU32(value, "Gid");
  }

  public static Gid of(long value) {
    return new Gid(value);
  }

  @Override
  public int compareTo(Gid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
