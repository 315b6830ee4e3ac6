package baton.controller.apply;

import baton.controller.model.NodeName;
import baton.controller.model.Step;
import baton.controller.model.StepRequest;
import baton.controller.model.StepShare;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports that a step has on all its nodes for its tasks to listen on, out of
 * MpiParams=ports=12000-12999. No two steps that share a node have one in common; they go round
 * through all ports, so that one given back is not used again at once.
 */
final class ReservedPorts {
  private static final Pattern RANGE = Pattern.compile("ports=([0-9]{1,5})-([0-9]{1,5})");
  private static final int MOST = 65_535;

  private ReservedPorts() {}

  /**
   * What a step gets.
   *
   * @param text the ports, such as 12001-12003,12007; null for none
   * @param last the port to go on from; 0 if none was given out
   * @param refusal why it gets none that it needs; null if all is well
   */
  record Answer(String text, long last, SlurmError refusal) {
    private static final Answer NONE = new Answer(null, 0, null);
  }

  /** The ports of a step that is to run on these nodes. */
  static Answer of(Change change, StepRequest request, List<StepShare> shares) {
    String parameters = Settings.value(change.config(), "MpiParams");
    long count = request.reservedPortCount();
    if (count == NoVal.NO_VAL16) {
      count = parameters.isEmpty() ? 0 : 1 + mostTasks(shares);
    }
    if (count == 0) {
      return Answer.NONE;
    }
    Matcher range = RANGE.matcher(parameters);
    boolean found = range.find();
    int first = found ? Integer.parseInt(range.group(1)) : 1;
    int last = found ? Math.min(MOST, Integer.parseInt(range.group(2))) : 0;
    if (first < 1 || count > last - first + 1) {
      return new Answer(null, 0, SlurmError.ESLURM_PORTS_INVALID);
    }
    BitSet taken = taken(change, shares);
    List<Integer> ports = new ArrayList<>();
    long before = change.facts().lastReservedPort();
    int port = before < first || before > last ? first : (int) before;
    for (int i = first; i <= last && ports.size() < count; i++) {
      port = port >= last ? first : port + 1;
      if (!taken.get(port)) {
        ports.add(port);
      }
    }
    if (ports.size() < count) {
      return new Answer(null, 0, SlurmError.ESLURM_PORTS_BUSY);
    }
    return new Answer(text(ports), port, null);
  }

  private static int mostTasks(List<StepShare> shares) {
    return shares.stream().mapToInt(share -> share.taskIds().size()).max().orElse(0);
  }

  private static BitSet taken(Change change, List<StepShare> shares) {
    Set<NodeName> nodes = new HashSet<>();
    shares.forEach(share -> nodes.add(share.node()));
    BitSet taken = new BitSet();
    for (Step step : change.steps().values()) {
      boolean meets =
          step.reservedPorts() != null
              && step.shares().stream().anyMatch(share -> nodes.contains(share.node()));
      if (meets) {
        add(taken, step.reservedPorts());
      }
    }
    return taken;
  }

  private static void add(BitSet taken, String ports) {
    for (String part : ports.split(",", -1)) {
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      taken.set(first, 1 + (dash < 0 ? first : Integer.parseInt(part.substring(dash + 1))));
    }
  }

  private static String text(List<Integer> ports) {
    BitSet set = new BitSet();
    ports.forEach(set::set);
    StringBuilder text = new StringBuilder();
    for (int first = set.nextSetBit(0); first >= 0; ) {
      int end = set.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (end - first > 1) {
        text.append('-').append(end - 1);
      }
      first = set.nextSetBit(end);
    }
    return text.toString();
  }
}
