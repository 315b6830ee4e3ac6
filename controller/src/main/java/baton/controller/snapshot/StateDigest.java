package baton.controller.snapshot;

import java.util.Objects;

/**
 * The SHA-256 digest of an encoded state. Equal positions must have equal digests on all replicas
 * (I4).
 *
 * @param position where in the log the state stood
 * @param sha256 64 lowercase hexadecimal digits
 */
public record StateDigest(LogPosition position, String sha256) {

  public StateDigest {
    Objects.requireNonNull(position, "position");
    Digests.requireSha256(sha256);
  }

  @Override
  public String toString() {
    return position + " " + sha256;
  }
}
