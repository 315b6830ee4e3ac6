package baton.controller.rpc;

import baton.controller.model.BlobId;
import java.io.IOException;
import java.util.Optional;

/** Scripts and environments, which are kept outside the state. */
@FunctionalInterface
public interface Blobs {
  /** The content; empty if this replica does not have it. May read a file; any thread. */
  Optional<byte[]> read(BlobId id) throws IOException;
}
