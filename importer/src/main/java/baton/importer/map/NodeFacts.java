package baton.importer.map;

import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeState;
import baton.protocol.state.SavedNode;

/**
 * Nodes: how each was last. Its sizes are slurm.conf's, as after each start of slurmctld; what runs
 * there it tells when it registers.
 */
final class NodeFacts {
  private static final long BASE = 0xf;

  /** What follows from jobs and reservations; it stays as it was saved. */
  private static final long DERIVED =
      NodeFlag.COMPLETING | NodeFlag.PLANNED | NodeFlag.RESERVED | NodeFlag.MAINTENANCE;

  private static final FactTable<SavedNode, SavedNode.Builder, Node, Node.Builder> TABLE =
      new FactTable<SavedNode, SavedNode.Builder, Node, Node.Builder>()
          .add(
              saved -> base(saved.nodeState()),
              (saved, state) -> saved.nodeState((saved.nodeState() & ~BASE) | state.value()),
              Node::baseState,
              Node.Builder::baseState)
          .add(
              saved -> saved.nodeState() & ~BASE & ~DERIVED,
              (saved, flags) -> saved.nodeState((saved.nodeState() & (BASE | DERIVED)) | flags),
              Node::flags,
              Node.Builder::flags)
          .add(
              Form.TEXT,
              SavedNode::reason,
              SavedNode.Builder::reason,
              Node::reason,
              Node.Builder::reason)
          .add(
              Form.TIME,
              SavedNode::reasonTime,
              SavedNode.Builder::reasonTime,
              Node::reasonTime,
              Node.Builder::reasonTime)
          .add(
              Form.UID,
              SavedNode::reasonUserId,
              SavedNode.Builder::reasonUserId,
              Node::reasonUid,
              Node.Builder::reasonUid)
          .add(
              Form.TEXT,
              SavedNode::comment,
              SavedNode.Builder::comment,
              Node::comment,
              Node.Builder::comment)
          .add(
              Form.TEXT,
              SavedNode::extra,
              SavedNode.Builder::extra,
              Node::extra,
              Node.Builder::extra)
          .add(
              Form.TIME,
              SavedNode::resumeAfter,
              SavedNode.Builder::resumeAfter,
              Node::resumeAfter,
              Node.Builder::resumeAfter)
          .add(SavedNode::weight, SavedNode.Builder::weight, Node::weight, Node.Builder::weight)
          .add(
              Form.TEXT,
              SavedNode::featuresAvailable,
              SavedNode.Builder::featuresAvailable,
              Node::featuresAvailable,
              Node.Builder::featuresAvailable)
          .add(
              Form.TEXT,
              SavedNode::featuresActive,
              SavedNode.Builder::featuresActive,
              Node::featuresActive,
              Node.Builder::featuresActive)
          .add(
              Form.TIME,
              SavedNode::lastBusy,
              SavedNode.Builder::lastBusy,
              Node::lastBusy,
              Node.Builder::lastBusy)
          .add(
              Form.TIME,
              SavedNode::lastResponse,
              SavedNode.Builder::lastResponse,
              Node::lastResponse,
              Node.Builder::lastResponse);

  private NodeFacts() {}

  /**
   * The node as it was last.
   *
   * @param configured as slurm.conf has it
   * @throws Unmappable if its state is none
   */
  static Node take(SavedNode saved, Node configured) {
    Node.Builder node = configured.toBuilder();
    TABLE.take(saved, node);
    return node.registrationOwed(true).build();
  }

  /** The record that slurmctld is to load. */
  static SavedNode update(Node now, SavedNode was) {
    SavedNode.Builder saved = was.toBuilder();
    TABLE.update(now, was, saved);
    return saved.build();
  }

  /** How much of a node is in use follows from the jobs. */
  private static NodeState base(long state) {
    try {
      NodeState base = NodeState.of(state & BASE);
      return base == NodeState.ALLOCATED || base == NodeState.MIXED ? NodeState.IDLE : base;
    } catch (IllegalArgumentException e) {
      throw new Unmappable("has state " + (state & BASE) + ", which is none");
    }
  }
}
