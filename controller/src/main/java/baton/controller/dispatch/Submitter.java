package baton.controller.dispatch;

import baton.controller.apply.Reply;
import baton.controller.command.Command;
import baton.controller.journal.ClusterLog;
import baton.controller.replication.Submission;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * An agent's way to the log and back: what comes on other threads waits here until the agent's own
 * thread takes it up. Thread-safe.
 */
final class Submitter {
  private final ClusterLog log;
  private final Doorbell doorbell;
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

  Submitter(ClusterLog log, Doorbell doorbell) {
    this.log = log;
    this.doorbell = doorbell;
  }

  /** Runs something on the agent's thread, soon. */
  void post(Runnable work) {
    inbox.add(work);
    doorbell.ring();
  }

  /**
   * Submits a command.
   *
   * @param then told on the agent's thread whether it was committed; false also when that is not
   *     known
   */
  void submit(Command command, Consumer<Boolean> then) {
    CompletionStage<Void> unused =
        log.submit(command)
            .thenAccept(
                submission -> {
                  boolean committed = submission instanceof Submission.Committed<Reply>;
                  post(() -> then.accept(committed));
                });
  }

  /** Takes up what has come; returns how much that was. */
  int takeUp() {
    int count = 0;
    for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
      work.run();
      count++;
    }
    return count;
  }
}
