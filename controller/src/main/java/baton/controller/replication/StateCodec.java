package baton.controller.replication;

import baton.controller.model.BlobId;
import baton.controller.snapshot.Digests;
import baton.controller.snapshot.SnapshotFile;
import baton.controller.snapshot.StateDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A state in a snapshot file: section "state" as the replicated state writes it, and section
 * "blobs" with the names of the blobs it needs, 32 bytes each, without order.
 */
final class StateCodec<S> {

  private static final String STATE = "state";
  private static final String BLOBS = "blobs";

  private final ReplicatedState<S, ?, ?> replicated;

  StateCodec(ReplicatedState<S, ?, ?> replicated) {
    this.replicated = replicated;
  }

  List<SnapshotFile.Section> sections(S state) {
    return List.of(
        new SnapshotFile.Section(STATE, out -> replicated.write(state, out)),
        new SnapshotFile.Section(
            BLOBS,
            out -> {
              for (BlobId id : blobs(state)) {
                out.write(HexFormat.of().parseHex(id.value()));
              }
            }));
  }

  StateAt<S> read(SnapshotFile file) throws IOException {
    try (InputStream in = file.section(STATE)) {
      return new StateAt<>(replicated.read(in), file.position());
    }
  }

  Set<BlobId> blobs(S state) {
    Set<BlobId> blobs = new HashSet<>();
    replicated.blobs(state).forEach(blobs::add);
    return blobs;
  }

  static Set<BlobId> readBlobs(SnapshotFile file) throws IOException {
    Set<BlobId> blobs = new HashSet<>();
    try (InputStream in = file.section(BLOBS)) {
      byte[] name = in.readNBytes(Digests.SHA256_BYTES);
      while (name.length == Digests.SHA256_BYTES) {
        blobs.add(BlobId.of(HexFormat.of().formatHex(name)));
        name = in.readNBytes(Digests.SHA256_BYTES);
      }
    }
    return blobs;
  }

  StateDigest digest(StateAt<S> at) throws IOException {
    return new StateDigest(
        at.position(), Digests.sha256Hex(out -> replicated.write(at.state(), out)));
  }
}
