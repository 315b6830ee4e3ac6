package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.replication.ReplicatedState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Production's state in all but how commands are applied. */
abstract class WrappedState implements ReplicatedState<ClusterState, Reply, Delta> {
  private final ReplicatedState<ClusterState, Reply, Delta> sound;

  WrappedState(ReplicatedState<ClusterState, Reply, Delta> sound) {
    this.sound = sound;
  }

  @Override
  public ClusterState initial() {
    return sound.initial();
  }

  @Override
  public void write(ClusterState state, OutputStream out) throws IOException {
    sound.write(state, out);
  }

  @Override
  public ClusterState read(InputStream in) throws IOException {
    return sound.read(in);
  }

  @Override
  public Iterable<BlobId> blobs(ClusterState state) {
    return sound.blobs(state);
  }
}
