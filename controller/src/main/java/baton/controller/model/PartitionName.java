package baton.controller.model;

import java.util.Objects;

/** A partition's name; never empty. */
public record PartitionName(String value) implements Comparable<PartitionName> {
  public PartitionName {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a PartitionName is never empty");
    }
  }

  public static PartitionName of(String value) {
    return new PartitionName(value);
  }

  @Override
  public int compareTo(PartitionName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
