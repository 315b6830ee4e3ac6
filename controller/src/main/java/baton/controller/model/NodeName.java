package baton.controller.model;

import java.util.Objects;

/** A node's NodeName in slurm.conf; at most 1,024 bytes, never empty. */
public record NodeName(String value) implements Comparable<NodeName> {
  public NodeName {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a NodeName is never empty");
    }
  }

  public static NodeName of(String value) {
    return new NodeName(value);
  }

  @Override
  public int compareTo(NodeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
