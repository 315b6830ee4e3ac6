package baton.controller.dispatch;

import baton.controller.model.ClusterState;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.RunningStep;
import baton.protocol.type.JobId;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Waits for a node's word that a job is not there any more: for a registration newer than the wait
 * that lists none of the job's steps. For the dispatcher's thread alone.
 */
final class Absence {
  /** How soon to look again: a node that is well answers at once, and a job waits for that. */
  static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

  private static final long FIRST_ASK_NANOS = Duration.ofMillis(250).toNanos();
  private static final long LAST_ASK_NANOS = Duration.ofSeconds(2).toNanos();

  private final NodeName node;
  private final Predicate<RunningStep> there;
  private final Consumer<NodeName> askNode;
  private boolean asked;
  private NodeRegistration shown;
  private long askNanos;
  private long restNanos = FIRST_ASK_NANOS;

  private Absence(NodeName node, Predicate<RunningStep> there, Consumer<NodeName> askNode) {
    this.node = node;
    this.there = there;
    this.askNode = askNode;
  }

  /** Of the job's batch script; a later run's other steps may be there already. */
  static Absence ofScript(JobId jobId, NodeName node, Consumer<NodeName> askNode) {
    return new Absence(
        node,
        step -> step.jobId().equals(jobId) && step.stepId() == Credentials.BATCH_STEP,
        askNode);
  }

  /** Of every step of the job. */
  static Absence ofJob(JobId jobId, NodeName node, Consumer<NodeName> askNode) {
    return new Absence(node, step -> step.jobId().equals(jobId), askNode);
  }

  /** What a node said last; null if it never registered. */
  static NodeRegistration lastWord(ClusterState state, NodeName name) {
    Node node = state.nodes().get(name).orElse(null);
    return node == null || node.registration().isEmpty() ? null : node.registration().get(0);
  }

  /** True once the node has said so since this was called first; asks it, ever more rarely. */
  boolean isTold(ClusterState state, long now) {
    NodeRegistration last = lastWord(state, node);
    if (!asked) {
      asked = true;
      shown = last;
    } else if (!Objects.equals(last, shown) && last.runningSteps().stream().noneMatch(there)) {
      return true;
    } else if (askNanos - now > 0) {
      return false;
    }
    askNanos = now + restNanos;
    restNanos = Math.min(2 * restNanos, LAST_ASK_NANOS);
    askNode.accept(node);
    return false;
  }
}
