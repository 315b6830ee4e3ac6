package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.dispatch.NodeChannel;
import baton.controller.dispatch.SchedulerAgent.Planner;
import baton.controller.journal.ClusterLog;
import baton.controller.model.ClusterState;
import baton.controller.replication.ReplicatedState;
import baton.controller.replication.Submission;
import java.util.concurrent.CompletionStage;

/**
 * A bug that is planted to see that the simulation finds it: each method wraps one part of a
 * controller, and leaves it as it is unless the bug is there.
 */
interface Plant {
  /** No bug. */
  Plant NONE = new Plant() {};

  /** The disk of a machine. */
  default Disk disk(Chance chance) {
    return new Disk();
  }

  /** What entries do to the state, on a machine with that clock. */
  default ReplicatedState<ClusterState, Reply, Delta> replicated(
      ReplicatedState<ClusterState, Reply, Delta> sound, TimeSource clock) {
    return sound;
  }

  /** The scheduler. */
  default Planner planner(Planner sound) {
    return sound;
  }

  /** The log as the agents see it. */
  default ClusterLog log(ControllerLife life) {
    return life;
  }

  /** The way to the nodes. */
  default NodeChannel channel(NodeChannel sound, ControllerLife from) {
    return sound;
  }

  /** How what a client asks for gets into the log. */
  default CompletionStage<Submission<Reply>> propose(ControllerLife life, Command command) {
    return life.propose(command);
  }

  /** Whether entries for another term are void. */
  default boolean checksStamps() {
    return true;
  }
}
