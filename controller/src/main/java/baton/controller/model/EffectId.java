package baton.controller.model;

/** The number of something owed; grows by one with each debt of the cluster, starting at 1. */
public record EffectId(long value) implements Comparable<EffectId> {
  public static EffectId of(long value) {
    return new EffectId(value);
  }

  public EffectId next() {
    return new EffectId(value + 1);
  }

  @Override
  public int compareTo(EffectId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
