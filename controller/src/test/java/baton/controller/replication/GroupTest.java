package baton.controller.replication;

/** Three replicas in one process. */
final class GroupTest extends GroupScenarios {
  private final InProcessNetwork network = new InProcessNetwork();

  @Override
  GroupNetwork network(String member) {
    return network;
  }

  @Override
  void cut(String member) {
    network.cut(member);
  }

  @Override
  void heal(String member) {
    network.heal(member);
  }
}
