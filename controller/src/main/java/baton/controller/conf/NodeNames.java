package baton.controller.conf;

import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes that an expression of a partition means: names, NodeSets, ALL. */
final class NodeNames {
  private final ConfProblems problems;
  private final List<ConfiguredNode> nodes;
  private final Set<String> names = new LinkedHashSet<>();
  private final Map<String, Set<String>> sets = new HashMap<>();

  NodeNames(ConfProblems problems, List<ConfiguredNode> nodes, List<NodeSetLine> nodeSets) {
    this.problems = problems;
    this.nodes = nodes;
    for (ConfiguredNode node : nodes) {
      names.add(node.name());
    }
    for (NodeSetLine set : nodeSets) {
      sets.put(set.name(), members(set));
    }
  }

  boolean known(String name) {
    return names.contains(name);
  }

  /** Names in the order in which nodes are defined, each once; null gives none. */
  List<String> resolve(ConfLine line, String expression) {
    if (expression == null) {
      return List.of();
    }
    if (expression.equalsIgnoreCase("ALL")) {
      return List.copyOf(names);
    }
    Set<String> chosen = new HashSet<>();
    try {
      for (String name : HostList.parse(expression)) {
        if (sets.containsKey(name)) {
          chosen.addAll(sets.get(name));
        } else if (names.contains(name)) {
          chosen.add(name);
        } else {
          problems.error(line, "node " + name + " is in no NodeName line");
        }
      }
    } catch (HostListException e) {
      problems.error(line, e.getMessage());
    }
    return inOrder(chosen);
  }

  private List<String> inOrder(Set<String> chosen) {
    List<String> ordered = new ArrayList<>();
    for (String name : names) {
      if (chosen.contains(name)) {
        ordered.add(name);
      }
    }
    return ordered;
  }

  private Set<String> members(NodeSetLine set) {
    Set<String> members = new HashSet<>();
    if (set.feature() != null) {
      for (ConfiguredNode node : nodes) {
        if (Words.of(node.line().features()).contains(set.feature())) {
          members.add(node.name());
        }
      }
    }
    if (set.nodes() != null) {
      members.addAll(resolve(set.line(), set.nodes()));
    }
    return members;
  }
}
