package baton.controller.apply;

import baton.controller.model.Effect;
import baton.controller.model.NodeName;
import java.util.List;

/** Finding and settling debts. */
final class Effects {
  private Effects() {}

  /** One node has answered; the debt ends when all have. */
  static void answeredBy(Change change, Effect effect, NodeName node) {
    List<NodeName> left = effect.nodes().stream().filter(name -> !name.equals(node)).toList();
    if (left.isEmpty()) {
      change.settle(effect.id());
    } else {
      change.put(effect.toBuilder().nodes(left).build());
    }
  }
}
