package baton.controller.replication;

import baton.controller.model.BlobId;
import java.util.Map;
import java.util.Objects;

/**
 * What came of a command.
 *
 * @param next the new state; the old one when nothing changed
 * @param reply the answer to the submitter
 * @param delta what changed
 * @param blobs content that the new state names and that is to be kept outside it; the names are
 *     {@link baton.controller.snapshot.BlobStore#idOf}
 */
public record Applied<S, R, D>(S next, R reply, D delta, Map<BlobId, byte[]> blobs) {

  public Applied {
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(delta, "delta");
    Objects.requireNonNull(blobs, "blobs");
  }

  /** Returns an outcome that brings no blobs. */
  public static <S, R, D> Applied<S, R, D> of(S next, R reply, D delta) {
    return new Applied<>(next, reply, delta, Map.of());
  }
}
