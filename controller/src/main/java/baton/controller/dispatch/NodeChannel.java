package baton.controller.dispatch;

import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.SendOutcome;
import java.util.List;
import java.util.function.BiConsumer;

/** The way to the nodes. Outcomes come on other threads, which they must not hold up. */
public interface NodeChannel {
  /** Sends to one node and tells the outcome, once. */
  void send(NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told);

  /** Sends to many, through Slurm's forwarding tree, and tells the outcome of each, once. */
  void sendToAll(List<NodeTarget> nodes, Message message, BiConsumer<NodeTarget, SendOutcome> each);
}
