package baton.controller.dispatch;

import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.NodeTree;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOptions;
import baton.protocol.net.SendOutcome;
import baton.protocol.net.SlurmClient;
import baton.protocol.net.TreeOptions;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Sends as slurmctld does, over a {@link SlurmClient} that it does not close. */
public final class SlurmNodeChannel implements NodeChannel {
  private final SlurmClient client;
  private final NodeTree tree;
  private final Supplier<TreeOptions> options;

  /**
   * @param options asked for each message, since a reconfiguration changes them
   */
  public SlurmNodeChannel(SlurmClient client, Supplier<TreeOptions> options) {
    this.client = client;
    this.tree = new NodeTree(client);
    this.options = options;
  }

  @Override
  public void send(NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
    TreeOptions now = options.get();
    SendOptions direct = new SendOptions(now.timeout(), now.audience(), now.digest(), true);
    CompletionStage<Void> unused =
        client
            .send(node.address(), node.release(), message, direct)
            .handle((outcome, fault) -> outcome == null ? failed(fault) : outcome)
            .thenAccept(outcome -> told.accept(node, outcome));
  }

  @Override
  public void sendToAll(
      List<NodeTarget> nodes, Message message, BiConsumer<NodeTarget, SendOutcome> each) {
    CompletionStage<Void> unused = tree.send(nodes, message, options.get(), each);
  }

  private static SendOutcome failed(Throwable fault) {
    return new SendFailure(SendFailure.Reason.CLOSED, String.valueOf(fault));
  }
}
