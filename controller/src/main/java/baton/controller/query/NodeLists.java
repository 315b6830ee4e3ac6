package baton.controller.query;

import baton.controller.model.NodeName;
import baton.controller.model.NodeOrder;
import baton.protocol.type.BitString;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** Nodes as host lists and as bits of the node table. */
final class NodeLists {
  private NodeLists() {}

  /** The nodes in table order, compressed; null for none. */
  static String text(NodeOrder order, Collection<NodeName> nodes) {
    if (nodes.isEmpty()) {
      return null;
    }
    List<String> names = new ArrayList<>(nodes.size());
    bits(order, nodes).indices().forEach(index -> names.add(order.names().get(index).value()));
    return HostList.of(names).ranged();
  }

  /** The nodes as bits; those that the table does not have are left out. */
  static BitString bits(NodeOrder order, Collection<NodeName> nodes) {
    BitSet set = new BitSet(order.size());
    for (NodeName node : nodes) {
      int index = order.indexOf(node);
      if (index >= 0) {
        set.set(index);
      }
    }
    return BitString.of(order.size(), set);
  }

  /** The bits of a host list; null for no list, or for one that cannot be read. */
  static BitString bits(NodeOrder order, String list) {
    if (list == null) {
      return null;
    }
    try {
      List<NodeName> names = new ArrayList<>();
      HostList.parse(list).forEach(name -> names.add(NodeName.of(name)));
      return bits(order, names);
    } catch (HostListException | IllegalArgumentException notAList) {
      return null;
    }
  }
}
