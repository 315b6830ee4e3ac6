package baton.controller.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cluster's node order: every bitmap and index list of the wire counts in it. Immutable. */
public final class NodeOrder {
  public static final NodeOrder EMPTY = new NodeOrder(List.of());

  private final List<NodeName> names;
  private final Map<NodeName, Integer> indexByName;

  private NodeOrder(List<NodeName> names) {
    this.names = List.copyOf(names);
    Map<NodeName, Integer> index = new HashMap<>(names.size() * 2);
    for (int i = 0; i < names.size(); i++) {
      if (index.put(names.get(i), i) != null) {
        throw new IllegalArgumentException("node " + names.get(i) + " is defined twice");
      }
    }
    this.indexByName = Map.copyOf(index);
  }

  /** The order in which a configuration lists its nodes. */
  public static NodeOrder of(ClusterConfig config) {
    return new NodeOrder(config.nodes().stream().map(NodeDefinition::name).toList());
  }

  public List<NodeName> names() {
    return names;
  }

  public int size() {
    return names.size();
  }

  /** The node's index, or -1 for a node that the configuration does not have. */
  public int indexOf(NodeName name) {
    return indexByName.getOrDefault(name, -1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeOrder order && names.equals(order.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }
}
