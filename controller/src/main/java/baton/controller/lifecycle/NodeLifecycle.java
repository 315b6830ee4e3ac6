package baton.controller.lifecycle;

import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeState;

/** What a node's state and flags mean for the work that it may get. */
public final class NodeLifecycle {
  private static final long NO_NEW_WORK =
      NodeFlag.DRAIN
          | NodeFlag.FAIL
          | NodeFlag.NO_RESPOND
          | NodeFlag.POWERED_DOWN
          | NodeFlag.POWERING_DOWN
          | NodeFlag.POWERING_UP
          | NodeFlag.REBOOT_REQUESTED
          | NodeFlag.REBOOT_ISSUED
          | NodeFlag.INVALID_REGISTRATION;

  private NodeLifecycle() {}

  /** True if new work may be placed there as far as the node's own state goes. */
  public static boolean isAvailable(Node node) {
    return node.baseState() == NodeState.IDLE && (node.flags() & NO_NEW_WORK) == 0;
  }

  public static boolean isDown(Node node) {
    return node.baseState() == NodeState.DOWN;
  }

  public static boolean has(Node node, long flag) {
    return (node.flags() & flag) != 0;
  }
}
