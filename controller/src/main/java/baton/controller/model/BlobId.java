package baton.controller.model;

import java.util.Objects;

/** The SHA-256 digest, in lowercase hex, of a script or environment kept outside the state. */
public record BlobId(String value) implements Comparable<BlobId> {
  public BlobId {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a BlobId is never empty");
    }
  }

  public static BlobId of(String value) {
    return new BlobId(value);
  }

  @Override
  public int compareTo(BlobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
