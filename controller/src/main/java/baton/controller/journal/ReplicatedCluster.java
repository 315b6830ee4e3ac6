package baton.controller.journal;

import baton.controller.apply.Delta;
import baton.controller.apply.Outcome;
import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.command.Command;
import baton.controller.command.SubmitHetJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateCrontab;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.replication.Applied;
import baton.controller.replication.ReplicatedState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cluster as the replicated log sees it: commands and states as bytes. Stateless. */
public final class ReplicatedCluster implements ReplicatedState<ClusterState, Reply, Delta> {

  @Override
  public ClusterState initial() {
    return ClusterState.empty();
  }

  @Override
  public Applied<ClusterState, Reply, Delta> apply(ClusterState state, byte[] bytes) {
    Command command = CommandCodec.decode(bytes);
    Outcome outcome = StateMachine.apply(state, command);
    return new Applied<>(
        outcome.next(), outcome.reply(), outcome.delta(), blobs(command, outcome.reply()));
  }

  /** A submission brings its script and environment, which the state knows by name only. */
  private static Map<BlobId, byte[]> blobs(Command command, Reply reply) {
    if (!(reply instanceof Reply.JobAccepted || reply instanceof Reply.CrontabAccepted)) {
      return Map.of();
    }
    Map<BlobId, byte[]> blobs = new HashMap<>();
    if (command instanceof SubmitJob submit) {
      add(submit, blobs);
    } else if (command instanceof SubmitHetJob submit) {
      submit.components().forEach(component -> add(component, blobs));
    } else if (command instanceof UpdateCrontab update) {
      update.entries().forEach(entry -> add(entry, blobs));
    }
    return blobs;
  }

  private static void add(SubmitJob submit, Map<BlobId, byte[]> blobs) {
    if (submit.script() != null && submit.request().script() != null) {
      blobs.put(submit.request().script(), submit.script().toByteArray());
    }
    if (submit.environment() != null && submit.request().environment() != null) {
      blobs.put(submit.request().environment(), submit.environment().toByteArray());
    }
  }

  @Override
  public void write(ClusterState state, OutputStream out) throws IOException {
    StateCodec.write(state, out);
  }

  @Override
  public ClusterState read(InputStream in) throws IOException {
    return StateCodec.read(in);
  }

  @Override
  public Iterable<BlobId> blobs(ClusterState state) {
    List<BlobId> blobs = new ArrayList<>();
    for (Job job : state.jobs().values()) {
      if (job.request().script() != null) {
        blobs.add(job.request().script());
      }
      if (job.request().environment() != null) {
        blobs.add(job.request().environment());
      }
    }
    return blobs;
  }
}
