package baton.controller.journal;

import baton.controller.apply.Reply;
import baton.controller.command.Command;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.replication.Submission;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The replicated cluster as the rest of a controller uses it. Any thread may call. */
public interface ClusterLog {
  /**
   * Submits a command for this replica to carry out while it leads. The stage never fails: what
   * becomes of the command is a value. It completes on a thread that must not be held up.
   */
  CompletionStage<Submission<Reply>> submit(Command command);

  /**
   * As {@link #submit}, for whoever leads: what clients and nodes ask for, at whichever replica.
   *
   * @param patience how long it may wait for a leader
   */
  CompletionStage<Submission<Reply>> propose(Command command, Duration patience);

  /** The latest state that was applied here. */
  ClusterState state();

  /** Whether this replica leads and has seen all that was committed before. */
  boolean isLeader();

  /**
   * Whether this replica leads and has proven it a moment ago, so that what it has committed may be
   * acted upon in the world (ADR 0035). If not, it is being proven.
   *
   * @param then run when it has been, from any thread; not when this returns true
   */
  boolean mayAct(Runnable then);

  /** The time for a command: whole seconds, and never before that of an earlier command. */
  Instant now();

  /** The content of a blob that the state names; empty when this replica does not have it. */
  Optional<byte[]> blob(BlobId id) throws IOException;
}
