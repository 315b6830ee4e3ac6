package baton.protocol.net;

import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Release;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Sends one message to many nodes through Slurm's forwarding tree: to the heads of its branches,
 * which pass it on and gather the answers.
 *
 * <p>Nodes of one release make a tree of their own, so that each is spoken to in its release. Nodes
 * that others cannot look up are sent to directly, and so are those that a head told nothing of: a
 * node may see a message twice. Any thread may call.
 */
public final class NodeTree {
  private final SlurmClient client;

  public NodeTree(SlurmClient client) {
    this.client = client;
  }

  /**
   * Sends and reports node by node.
   *
   * @param nodes the nodes; a node is named once
   * @param each called once for every node, as its outcome becomes known, on a network thread that
   *     it must not hold up
   * @return done when the last outcome is told
   */
  public CompletionStage<Void> send(
      List<NodeTarget> nodes,
      Message message,
      TreeOptions options,
      BiConsumer<NodeTarget, SendOutcome> each) {
    Delivery delivery = new Delivery(message, options, each, nodes.size());
    Map<Release, List<NodeTarget>> byRelease = new EnumMap<>(Release.class);
    for (NodeTarget node : nodes) {
      if (node.findable()) {
        byRelease.computeIfAbsent(node.release(), release -> new ArrayList<>()).add(node);
      } else {
        delivery.direct(node);
      }
    }
    byRelease.values().forEach(delivery::tree);
    return delivery.done;
  }

  /** As {@link #send}, with all outcomes at the end, by node name. */
  public CompletionStage<Map<String, SendOutcome>> sendAll(
      List<NodeTarget> nodes, Message message, TreeOptions options) {
    Map<String, SendOutcome> outcomes = new ConcurrentHashMap<>();
    return send(nodes, message, options, (node, outcome) -> outcomes.put(node.name(), outcome))
        .thenApply(done -> Map.copyOf(outcomes));
  }

  /** One message on its way. */
  private final class Delivery {
    private final Message message;
    private final TreeOptions options;
    private final BiConsumer<NodeTarget, SendOutcome> each;
    private final AtomicInteger left;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Delivery(
        Message message, TreeOptions options, BiConsumer<NodeTarget, SendOutcome> each, int nodes) {
      this.message = message;
      this.options = options;
      this.each = each;
      this.left = new AtomicInteger(nodes);
      if (nodes == 0) {
        done.complete(null);
      }
    }

    void direct(NodeTarget node) {
      client
          .send(node.address(), node.release(), message, sendOptions(options.timeout()))
          .thenAccept(outcome -> told(node, outcome));
    }

    void tree(List<NodeTarget> nodes) {
      int depth = ForwardTree.depth(nodes.size(), options.treeWidth());
      for (List<NodeTarget> branch : ForwardTree.branches(nodes, options.treeWidth())) {
        if (branch.size() == 1) {
          direct(branch.get(0));
        } else {
          branch(branch.get(0), branch.subList(1, branch.size()), depth);
        }
      }
    }

    private void branch(NodeTarget head, List<NodeTarget> behind, int depth) {
      Release release = head.release();
      Duration timeout = options.timeout();
      int width = options.treeWidth();
      ForwardSection forward =
          new ForwardSection(
              behind.stream().map(NodeTarget::name).toList(),
              width,
              depth,
              ForwardTree.headerTimeout(release, depth, timeout));
      Duration wait = ForwardTree.patience(release, behind.size(), width, depth, timeout);
      InetSocketAddress address = head.address();
      client
          .exchange(address, release, message, Optional.of(forward), sendOptions(wait))
          .thenAccept(result -> gathered(head, behind, result));
    }

    private void gathered(NodeTarget head, List<NodeTarget> behind, Exchange.Result result) {
      told(head, result.outcome());
      Map<String, ReturnItem> items = new HashMap<>();
      for (ReturnItem item : result.gathered()) {
        items.put(item.nodeName(), item);
      }
      for (NodeTarget node : behind) {
        ReturnItem item = items.get(node.name());
        if (item == null) {
          direct(node);
        } else {
          told(node, outcome(head, item));
        }
      }
    }

    private SendOutcome outcome(NodeTarget head, ReturnItem item) {
      if (item.type().isEmpty()) {
        return new SendFailure(
            Reason.NOT_FORWARDED, "error " + item.errorCode() + " behind " + head.name());
      }
      return new Reply(head.release(), item.type().get(), item.body(), Optional.empty());
    }

    private void told(NodeTarget node, SendOutcome outcome) {
      try {
        each.accept(node, outcome);
      } finally {
        if (left.decrementAndGet() == 0) {
          done.complete(null);
        }
      }
    }

    private SendOptions sendOptions(Duration timeout) {
      return new SendOptions(timeout, options.audience(), options.digest(), true);
    }
  }
}
