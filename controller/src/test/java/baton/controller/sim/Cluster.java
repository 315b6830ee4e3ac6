package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.check.Auditor;
import baton.controller.clock.TimeSource;
import baton.controller.dispatch.ClientChannel;
import baton.controller.dispatch.NodeChannel;
import baton.controller.journal.ReplicatedCluster;
import baton.controller.model.ClusterState;
import baton.controller.replication.ReplicatedState;
import baton.protocol.message.ResourceAllocationResponse;
import baton.protocol.net.SendOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All machines of a simulated cluster, and the ways between them. */
final class Cluster implements ControllerMachine.World {
  private static final long START_SECONDS = 1_700_000_000;
  private static final int MOST_DRIFT_PER_MILLION = 2000;
  private static final int MOST_OFFSET_MILLIS = 2000;

  private final ClusterShape shape;
  private final Plant plant;
  private final Trace trace;
  private final Timeline timeline;
  private final Network network;
  private final Auditor auditor;
  private final List<ControllerMachine> controllers = new ArrayList<>();
  private final List<Slurmd> nodes = new ArrayList<>();
  private final Users users;

  Cluster(ClusterShape shape, Plant plant, Trace trace, Chance chance) {
    this.shape = shape;
    this.plant = plant;
    this.trace = trace;
    this.timeline = new Timeline(trace);
    this.network = new Network(timeline, chance.of("network"), hosts());
    this.auditor = new Auditor(timeline::now, START_SECONDS, shape.memoryMiB());
    for (int id = 0; id < shape.controllers(); id++) {
      Chance own = chance.of("controller" + id);
      controllers.add(new ControllerMachine(id, this, plant::disk, clock(own), own));
    }
    for (int node = 0; node < shape.nodes(); node++) {
      Chance own = chance.of("node" + node);
      NodeLink link = new NodeLink(this, shape.controllers() + node);
      nodes.add(
          new Slurmd(ClusterShape.nodeName(node), shape, timeline, clock(own), own, auditor, link));
    }
    users = new Users(this, chance.of("users"), hosts() - 1);
    controllers.forEach(ControllerMachine::start);
  }

  private MachineClock clock(Chance own) {
    Instant start =
        Instant.ofEpochSecond(START_SECONDS).plusMillis(own.between(0, MOST_OFFSET_MILLIS));
    return new MachineClock(
        timeline, start, own.between(-MOST_DRIFT_PER_MILLION, MOST_DRIFT_PER_MILLION));
  }

  /** Controllers, then nodes, then users. */
  int hosts() {
    return shape.controllers() + shape.nodes() + 1;
  }

  Users users() {
    return users;
  }

  List<Slurmd> nodes() {
    return nodes;
  }

  @Override
  public ClusterShape shape() {
    return shape;
  }

  @Override
  public Timeline timeline() {
    return timeline;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Auditor auditor() {
    return auditor;
  }

  @Override
  public Trace trace() {
    return trace;
  }

  @Override
  public Plant plant() {
    return plant;
  }

  @Override
  public List<ControllerMachine> controllers() {
    return controllers;
  }

  @Override
  public ReplicatedState<ClusterState, Reply, Delta> replicated(TimeSource clock) {
    return plant.replicated(new ReplicatedCluster(), clock);
  }

  @Override
  public NodeChannel nodeChannel(ControllerLife from) {
    return plant.channel(new SimulatedChannel(this, from), from);
  }

  @Override
  public ClientChannel clientChannel(ControllerLife from) {
    return (host, port, release, message, reader, replyExpected, told) ->
        network.<SendOutcome>ask(
            from.machine().id(),
            from.process(),
            hosts() - 1,
            users::process,
            answer ->
                answer.accept(
                    users.receive(
                        port,
                        message.body() instanceof ResourceAllocationResponse grant
                            ? grant.jobId().value()
                            : 0)),
            answered -> told.accept(SimulatedChannel.outcome(answered)));
  }
}
