package baton.controller.sim;

import baton.controller.model.NodeName;
import baton.controller.sim.Network.Answered;
import baton.controller.sim.Timeline.Actor;
import baton.protocol.auth.Caller;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.net.SendFailure;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A node's way to the controllers: it takes the first of slurm.conf that listens; what that says,
 * or does not say, counts.
 */
final class NodeLink implements Slurmd.Surroundings {
  private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.1", 40000);
  private static final Caller SLURMD = new Caller(Uid.ROOT, Gid.of(0), Optional.empty());
  private static final int GRACE_SECONDS = 21;

  private final Cluster cluster;
  private final int host;

  NodeLink(Cluster cluster, int host) {
    this.cluster = cluster;
    this.host = host;
  }

  @Override
  public void report(Actor speaker, MessageType type, Object body, Consumer<Boolean> answered) {
    report(
        0,
        speaker,
        new Request(Release.V22_05, type, body, SLURMD, PEER, Optional.empty(), 0),
        answered);
  }

  private void report(int first, Actor speaker, Request request, Consumer<Boolean> answered) {
    if (first == cluster.controllers().size()) {
      answered.accept(false);
      return;
    }
    ControllerMachine machine = cluster.controllers().get(first);
    cluster
        .network()
        .<Answer>ask(
            host,
            speaker,
            first,
            machine::listener,
            answer ->
                machine.life().handle(request).whenComplete((given, fault) -> answer.accept(given)),
            outcome -> {
              if (outcome instanceof Answered.Told<Answer> told) {
                answered.accept(!told.answer().messages().isEmpty());
              } else if (isNotConnected(((Answered.Failed<Answer>) outcome).failure())) {
                report(first + 1, speaker, request, answered);
              } else {
                answered.accept(false);
              }
            });
  }

  private static boolean isNotConnected(SendFailure failure) {
    return failure.reason() == SendFailure.Reason.REFUSED
        || failure.reason() == SendFailure.Reason.UNREACHABLE;
  }

  @Override
  public void duplicate(Actor speaker, JobId jobId) {
    String node = ClusterShape.nodeName(host - cluster.shape().controllers());
    for (ControllerMachine machine : cluster.controllers()) {
      if (machine.life() != null && machine.life().isLeader()) {
        machine.life().doubtLaunch(NodeName.of(node), Duration.ofSeconds(GRACE_SECONDS));
      }
    }
  }
}
