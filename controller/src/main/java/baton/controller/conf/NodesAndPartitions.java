package baton.controller.conf;

import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of slurm.conf that define nodes and partitions, taken together. */
record NodesAndPartitions(
    List<ConfiguredNode> nodes, List<PartitionLine> partitions, List<DownNodesLine> downNodes) {

  static NodesAndPartitions read(
      ConfTable table, ConfProblems problems, Path file, int slurmdPort, boolean noRootJobs) {
    List<ConfiguredNode> nodes =
        new NodeLines(problems, slurmdPort).read(table.entries(ConfSection.NODE));
    if (nodes.isEmpty() && !problems.refused()) {
      problems.error(file, "no node is defined; add NodeName lines");
    }
    List<NodeSetLine> sets = new ArrayList<>();
    for (ConfEntry entry : table.entries(ConfSection.NODE_SET)) {
      sets.add(
          new NodeSetLine(entry.name(), entry.own("Feature"), entry.own("Nodes"), entry.line()));
    }
    NodeNames names = new NodeNames(problems, nodes, sets);
    List<PartitionLine> partitions =
        new PartitionLines(problems, names, noRootJobs).read(table.entries(ConfSection.PARTITION));
    if (partitions.isEmpty()) {
      problems.error(file, "no partition is defined; add PartitionName lines");
    } else if (partitions.stream().noneMatch(PartitionLine::isDefault)) {
      problems.warning(file, "no partition has Default=YES; jobs must name one");
    }
    return new NodesAndPartitions(
        List.copyOf(nodes), List.copyOf(partitions), downNodes(table, problems, names));
  }

  private static List<DownNodesLine> downNodes(
      ConfTable table, ConfProblems problems, NodeNames names) {
    List<DownNodesLine> lines = new ArrayList<>();
    for (ConfEntry entry : table.entries(ConfSection.DOWN_NODES)) {
      String state = entry.own("State");
      ConfiguredNodeState parsed =
          state == null ? ConfiguredNodeState.DOWN : ConfiguredNodeState.parse(state).orElse(null);
      if (parsed == null) {
        problems.warning(entry.line(), "State=" + state + " is no node state; line ignored");
        continue;
      }
      List<String> members = new ArrayList<>();
      try {
        for (String name : HostList.parse(entry.name())) {
          if (names.known(name)) {
            members.add(name);
          } else {
            problems.warning(entry.line(), "node " + name + " is in no NodeName line");
          }
        }
      } catch (HostListException e) {
        problems.error(entry.line(), e.getMessage());
      }
      String reason = entry.own("Reason");
      lines.add(
          new DownNodesLine(
              List.copyOf(members), parsed, reason == null ? "Set in slurm.conf" : reason));
    }
    return List.copyOf(lines);
  }
}
