package baton.controller.sim;

import baton.controller.dispatch.NodeChannel;
import baton.controller.sim.Network.Answered;
import baton.protocol.message.BatchJobLaunch;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.SendOutcome;
import java.util.List;
import java.util.function.BiConsumer;

/** A controller's way to the nodes: each is sent to directly. */
final class SimulatedChannel implements NodeChannel {
  private final Cluster cluster;
  private final ControllerLife from;

  SimulatedChannel(Cluster cluster, ControllerLife from) {
    this.cluster = cluster;
    this.from = from;
  }

  static SendOutcome outcome(Answered<? extends SendOutcome> answered) {
    if (answered instanceof Answered.Told<? extends SendOutcome> told) {
      return told.answer();
    }
    return ((Answered.Failed<? extends SendOutcome>) answered).failure();
  }

  @Override
  public void send(NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
    int number = Integer.parseInt(node.name().substring(1)) - 1;
    Slurmd slurmd = cluster.nodes().get(number);
    ControllerMachine machine = from.machine();
    cluster.trace().say(machine.name(), "sends", message.type(), "to", node.name(), what(message));
    if (message.body() instanceof BatchJobLaunch launch) {
      cluster.auditor().launchSent(machine.name(), launch.jobId().value(), launch.restartCount());
    }
    cluster
        .network()
        .<SendOutcome>ask(
            machine.id(),
            from.process(),
            cluster.shape().controllers() + number,
            slurmd::listener,
            answer -> slurmd.receive(message, answer::accept),
            answered -> told.accept(node, outcome(answered)));
  }

  private static Object what(Message message) {
    if (message.body() instanceof BatchJobLaunch launch) {
      return "job " + launch.jobId() + " run " + launch.restartCount();
    }
    return message.body() instanceof baton.protocol.message.KillJob kill
        ? "job " + kill.stepId().jobId()
        : "";
  }

  @Override
  public void sendToAll(
      List<NodeTarget> nodes, Message message, BiConsumer<NodeTarget, SendOutcome> each) {
    nodes.forEach(node -> send(node, message, each));
  }
}
