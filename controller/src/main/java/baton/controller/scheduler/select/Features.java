package baton.controller.scheduler.select;

import baton.controller.model.Node;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether a node has what a job's constraint names: features joined by {@code &}, or by {@code |}.
 */
final class Features {
  private Features() {}

  static boolean match(String wanted, Node node) {
    if (wanted == null || wanted.isEmpty()) {
      return true;
    }
    String active = node.featuresActive();
    Set<String> has =
        active == null ? Set.of() : new HashSet<>(Arrays.asList(active.split(",", -1)));
    for (String choice : wanted.split("\\|", -1)) {
      if (Arrays.stream(choice.split("[&,]", -1)).allMatch(has::contains)) {
        return true;
      }
    }
    return false;
  }
}
