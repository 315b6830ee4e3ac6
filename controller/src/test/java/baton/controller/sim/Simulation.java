package baton.controller.sim;

import baton.controller.check.Auditor;
import baton.controller.check.Violation;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Node;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run: a cluster lives for some minutes, things go wrong, all is healed, and must come to rest.
 */
final class Simulation {
  private static final long PATIENCE = 45 * 60 * Timeline.SECOND;

  /** Shares no beat with what agents do again and again, or rest would not be seen for ever. */
  private static final long LOOK = 19_370 * Timeline.MILLI;

  /**
   * What came of a run.
   *
   * @param violation null for none
   * @param digest of all that happened
   */
  record Result(
      long seed,
      Violation violation,
      long digest,
      long events,
      int jobs,
      int scripts,
      long seconds,
      List<String> trace) {
    String summary() {
      return String.format(
          Locale.ROOT,
          "seed %d: %s, digest %016x, %d events in %d s, %d jobs, %d scripts",
          seed,
          violation == null ? "well" : violation.invariant(),
          digest,
          events,
          seconds,
          jobs,
          scripts);
    }
  }

  private final long seed;
  private final Trace trace;
  private final Cluster cluster;
  private final Disturbances disturbances;
  private final long troubled;

  private Simulation(long seed, Plant plant, boolean traced) {
    this.seed = seed;
    this.trace = new Trace(traced);
    Chance chance = new Chance(seed);
    Chance scale = chance.of("scale");
    this.cluster = new Cluster(ClusterShape.of(chance.of("shape")), plant, trace, chance);
    this.troubled = scale.between(60, 200) * Timeline.SECOND;
    this.disturbances = new Disturbances(cluster, chance.of("disturbances"));
    disturbances.plan(troubled);
    cluster.users().plan(scale.number(5, 14), troubled * 3 / 4);
  }

  static Result run(long seed, Plant plant, boolean traced) {
    Simulation simulation = new Simulation(seed, plant, traced);
    Auditor auditor = simulation.cluster.auditor();
    try {
      simulation.live();
    } catch (RuntimeException fault) {
      StringWriter text = new StringWriter();
      fault.printStackTrace(new PrintWriter(text));
      auditor.found("fault", text.toString());
    }
    Timeline timeline = simulation.cluster.timeline();
    return new Result(
        seed,
        auditor.violation(),
        simulation.trace.digest(),
        timeline.steps(),
        auditor.acknowledged(),
        auditor.scripts(),
        timeline.now() / Timeline.SECOND,
        simulation.trace.lines());
  }

  private void live() {
    trace.say("seed", seed, cluster.shape());
    if (!passes(troubled)) {
      return;
    }
    disturbances.heal();
    long end = cluster.timeline().now() + PATIENCE;
    while (!isAtRest()) {
      if (cluster.timeline().now() > end) {
        cluster.auditor().judge();
        cluster.auditor().found("live", "no rest: " + unrest());
        return;
      }
      release();
      if (!passes(cluster.timeline().now() + LOOK)) {
        return;
      }
    }
    for (ControllerMachine machine : cluster.controllers()) {
      cluster
          .auditor()
          .compare(
              machine.name(),
              machine.life().published().position(),
              machine.life().published().state());
    }
    cluster.auditor().judge();
  }

  /** Lets time pass; false when something is wrong. */
  private boolean passes(long until) {
    Auditor auditor = cluster.auditor();
    while (auditor.violation() == null && cluster.timeline().step(until)) {
      // one event after the other
    }
    return auditor.violation() == null;
  }

  private ClusterState state() {
    return cluster.auditor().newest();
  }

  private boolean isAtRest() {
    ClusterState state = state();
    if (state == null || !state.effects().isEmpty()) {
      return false;
    }
    for (Job job : state.jobs().values()) {
      if (!JobLifecycle.isCompleted(job)) {
        return false;
      }
    }
    for (ControllerMachine machine : cluster.controllers()) {
      if (machine.life().published().position().index() != cluster.auditor().newestIndex()) {
        return false;
      }
    }
    return cluster.nodes().stream().allMatch(Slurmd::isIdle);
  }

  private String unrest() {
    StringBuilder text = new StringBuilder();
    if (state() == null) {
      return "nothing was ever committed";
    }
    for (Job job : state().jobs().values()) {
      if (!JobLifecycle.isCompleted(job)) {
        text.append("job ")
            .append(job.id())
            .append(" is ")
            .append(job.state())
            .append(" (")
            .append(job.reason())
            .append(", ")
            .append(job.launchState())
            .append(") ");
      }
    }
    text.append("owed: ").append(state().effects().values());
    cluster.nodes().stream()
        .filter(node -> !node.isIdle())
        .forEach(node -> text.append(' ').append(node.name()).append(" is busy"));
    text.append(" newest: ").append(cluster.auditor().newestIndex());
    for (ControllerMachine machine : cluster.controllers()) {
      text.append(' ').append(machine.name()).append(' ').append(machine.life().raft());
    }
    return text.toString();
  }

  /** The administrator lets go what was held and brings back nodes that are out of service. */
  private void release() {
    if (state() == null) {
      return;
    }
    List<Long> held = new ArrayList<>();
    for (Job job : state().jobs().values()) {
      if (JobLifecycle.isPending(job) && job.priority() == 0) {
        held.add(job.id().value());
      }
    }
    List<String> out = new ArrayList<>();
    for (Node node : state().nodes().values()) {
      if (!NodeLifecycle.isAvailable(node)) {
        out.add(node.name().value());
      }
    }
    cluster.users().release(held, out);
  }
}
