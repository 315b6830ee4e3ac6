package baton.protocol.type;

/**
 * A user id of the cluster. {@link NoVal#NO_VAL} (nobody given) and 0xffffffff do occur on the
 * wire.
 *
 * @param value as it stands in a u32 on the wire: 0 to 0xffffffff
 */
public record Uid(long value) implements Comparable<Uid> {

  /** The superuser. */
  public static final Uid ROOT = new Uid(0);

  public Uid {
    NoVal.requireU32(value, "Uid");
  }

  public static Uid of(long value) {
    return new Uid(value);
  }

  @Override
  public int compareTo(Uid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
