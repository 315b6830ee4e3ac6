package baton.controller.apply;

import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.Caller;
import baton.controller.command.Command;
import baton.controller.command.Configure;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobChanges;
import baton.controller.command.LaunchesSending;
import baton.controller.command.NodeRegistered;
import baton.controller.command.NodeSilence;
import baton.controller.command.NodesSilent;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateJob;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.RunningStep;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Plan;
import baton.controller.scheduler.Scheduler;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A small cluster, driven command by command: nodes n1, n2 ... of four cores and 1,000 MiB. */
final class Fixture {
  static final Caller ROOT =
      Caller.builder().uid(Uid.ROOT).gid(Gid.of(0)).operator(true).superUser(true).build();
  static final Caller ALICE = Caller.builder().uid(Uid.of(2001)).gid(Gid.of(2001)).build();

  private ClusterState state = ClusterState.empty();
  private Instant now = Instant.ofEpochSecond(1_700_000_000);

  static Fixture withNodes(int count) {
    Fixture fixture = new Fixture();
    fixture.apply(Configure.builder().time(fixture.now).config(config(count)).start(true).build());
    for (NodeName node : fixture.state.nodes().keys()) {
      fixture.register(node);
    }
    return fixture;
  }

  static ClusterConfig config(int nodeCount) {
    List<NodeDefinition> nodes = new ArrayList<>();
    List<NodeName> names = new ArrayList<>();
    for (int i = 1; i <= nodeCount; i++) {
      NodeName name = NodeName.of("n" + i);
      names.add(name);
      nodes.add(
          NodeDefinition.builder()
              .name(name)
              .cpus(4)
              .coresPerSocket(4)
              .realMemoryMiB(1000)
              .build());
    }
    Partition partition =
        Partition.builder().name(PartitionName.of("main")).members(names).flags(1).build();
    return ClusterConfig.builder()
        .clusterName("test")
        .nodes(nodes)
        .partitions(List.of(partition))
        .selectTypeParameters(0x14)
        .defaultMemoryMiB(100)
        .defaultMemoryPerCpu(true)
        .build();
  }

  /** A node that was asked at one time, and was given up at another. */
  static NodesSilent silent(Instant time, Instant asked, NodeName node) {
    NodeSilence silence = NodeSilence.builder().node(node).askedTime(asked).build();
    return NodesSilent.builder().time(time).nodes(List.of(silence)).build();
  }

  /** The same cluster with another configuration. */
  void configure(UnaryOperator<ClusterConfig.Builder> changes) {
    ClusterConfig next = changes.apply(state.config().toBuilder()).build();
    apply(Configure.builder().time(now).config(next).build());
  }

  ClusterState state() {
    return state;
  }

  Instant now() {
    return now;
  }

  void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  Job job(JobId id) {
    return state.jobs().require(id);
  }

  Outcome apply(Command command) {
    Outcome outcome = StateMachine.apply(state, command);
    state = outcome.next();
    return outcome;
  }

  Outcome register(NodeName node, RunningStep... alive) {
    return apply(
        NodeRegistered.builder()
            .time(now)
            .registration(
                NodeRegistration.builder()
                    .node(node)
                    .cpus(4)
                    .sockets(1)
                    .coresPerSocket(4)
                    .threadsPerCore(1)
                    .realMemoryMiB(1000)
                    .runningSteps(List.of(alive))
                    .build())
            .build());
  }

  static JobRequest.Builder batch() {
    return JobRequest.builder()
        .name("job")
        .userId(Uid.of(2001))
        .groupId(Gid.of(2001))
        .batch(true)
        .requeue(true)
        .script(BlobId.of("00"))
        .memoryMiB(100);
  }

  Reply submit(JobRequest request) {
    return apply(SubmitJob.builder().time(now).caller(ALICE).request(request).build()).reply();
  }

  JobId accepted(JobRequest.Builder request) {
    Reply reply = submit(request.build());
    if (reply instanceof Reply.JobAccepted job) {
      return job.jobId();
    }
    throw new AssertionError("refused: " + reply);
  }

  /** Alice changes a job. */
  Reply update(JobId id, JobChanges.Builder changes) {
    return apply(
            UpdateJob.builder().time(now).caller(ALICE).jobId(id).changes(changes.build()).build())
        .reply();
  }

  /** Marks the launch of a job as sent, if it is owed: a script that was not cannot end. */
  void sendLaunch(JobId id) {
    List<EffectId> launches =
        state.effects().values().stream()
            .filter(effect -> effect.kind() == EffectKind.LAUNCH_BATCH)
            .filter(effect -> effect.jobId().equals(id))
            .map(Effect::id)
            .toList();
    apply(LaunchesSending.builder().time(now).effects(launches).build());
  }

  /** A job's script ends, and its node cleans up. */
  void end(JobId id, long waitStatus) {
    sendLaunch(id);
    NodeName node = job(id).batchHost();
    apply(
        BatchScriptCompleted.builder()
            .time(now)
            .caller(ROOT)
            .jobId(id)
            .node(node)
            .waitStatus(waitStatus)
            .build());
    apply(EpilogCompleted.builder().time(now).jobId(id).node(node).build());
  }

  Plan schedule() {
    Plan plan = Scheduler.plan(state, now, Budget.unlimited());
    apply(plan.toCommand(now));
    return plan;
  }
}
