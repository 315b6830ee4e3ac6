package baton.controller.apply;

import baton.controller.lifecycle.StandIn;
import baton.controller.model.ClusterConfig;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.List;

/**
 * What becomes of the reason that a node was given. In slurmctld it is the accounting storage that
 * takes it away when the node is up again; from 23.11 to 25.11 that does nothing where none is
 * configured.
 */
final class NodeReasons {
  private NodeReasons() {}

  /** True if a node keeps its reason, and whose it is, until a job runs there. */
  static boolean areKept(ClusterConfig config) {
    String storage = Settings.value(config, "AccountingStorageType");
    boolean none = storage.isEmpty() || storage.endsWith("none");
    return none
        && StandIn.isAtLeast(config, Release.V23_11)
        && !StandIn.isAtLeast(config, Release.V26_05);
  }

  /** Of a node that is up again. */
  static Node.Builder up(Change change, Node.Builder next) {
    return areKept(change.config()) ? next : cleared(next);
  }

  /** Of nodes that a job starts on. */
  static void busy(Change change, List<NodeName> nodes) {
    for (NodeName name : nodes) {
      Node node = change.node(name);
      if (node.reason() != null || node.reasonUid().value() != NoVal.NO_VAL) {
        change.put(cleared(node.toBuilder()).build());
      }
    }
  }

  static Node.Builder cleared(Node.Builder next) {
    return next.reason(null).reasonTime(null).reasonUid(Uid.of(NoVal.NO_VAL));
  }
}
