package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.controller.model.ClusterState;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.protocol.net.NodeTarget;
import baton.protocol.type.Release;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where nodes are and what they speak. Addresses are looked up where they are needed, which may
 * block, and kept for a while. Thread-safe.
 */
public final class NodeTargets {
  private static final Duration KEPT_FOR = Duration.ofMinutes(5);
  private static final Duration FAILURE_KEPT_FOR = Duration.ofSeconds(5);
  private static final long NOT_IN_FILES =
      NodeFlag.CLOUD | NodeFlag.DYNAMIC_NORM | NodeFlag.DYNAMIC_FUTURE;

  /** An address that was looked up; null when there is none. */
  private record Found(InetAddress address, long nanos) {}

  private final TimeSource time;
  private final Map<String, Found> found = new ConcurrentHashMap<>();

  public NodeTargets(TimeSource time) {
    this.time = time;
  }

  /** The node as a target; empty when it is not known or its address cannot be looked up. */
  public Optional<NodeTarget> target(ClusterState state, NodeName name) {
    return target(state, name, release(state, name));
  }

  /** As {@link #target(ClusterState, NodeName)}, spoken to in another release. */
  public Optional<NodeTarget> target(ClusterState state, NodeName name, Release release) {
    Node node = state.nodes().get(name).orElse(null);
    if (node == null) {
      return Optional.empty();
    }
    InetAddress address = lookUp(node.definition().address());
    if (address == null) {
      return Optional.empty();
    }
    return Optional.of(
        new NodeTarget(
            name.value(),
            new InetSocketAddress(address, node.definition().port()),
            release,
            (node.flags() & NOT_IN_FILES) == 0));
  }

  /** What a node registered with; before that, what this controller stands in for. */
  public static Release release(ClusterState state, NodeName name) {
    return state
        .nodes()
        .get(name)
        .filter(node -> !node.registration().isEmpty())
        .flatMap(node -> Release.of(node.registration().get(0).protocolVersion()))
        .or(() -> Release.ofLabel(state.config().release()))
        .orElse(Release.V22_05);
  }

  private InetAddress lookUp(String host) {
    long now = time.monotonicNanos();
    Found known = found.get(host);
    if (known != null) {
      Duration kept = known.address() == null ? FAILURE_KEPT_FOR : KEPT_FOR;
      if (now - known.nanos() < kept.toNanos()) {
        return known.address();
      }
    }
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      address = null;
    }
    found.put(host, new Found(address, now));
    return address;
  }
}
