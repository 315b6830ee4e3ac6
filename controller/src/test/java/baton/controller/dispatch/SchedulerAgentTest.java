package baton.controller.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.apply.Reply;
import baton.controller.command.Caller;
import baton.controller.command.Configure;
import baton.controller.command.JobChanges;
import baton.controller.command.NodeRegistered;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateJob;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.scheduler.Scheduler;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When plans are made: after what matters to them, and not one after the other without a rest. */
final class SchedulerAgentTest {
  private static final NodeName N1 = NodeName.of("n1");
  private static final Caller ROOT =
      Caller.builder().uid(Uid.ROOT).gid(Gid.of(0)).operator(true).superUser(true).build();

  private final HandTime time = new HandTime();
  private final LocalLog log = new LocalLog(time);
  private Duration planTakes = Duration.ZERO;
  private final SchedulerAgent agent =
      new SchedulerAgent(
          log,
          (snapshot, now, budget) -> {
            time.pass(planTakes);
            return Scheduler.plan(snapshot, now, budget);
          },
          time,
          new Doorbell());

  @BeforeEach
  void startCluster() {
    NodeDefinition node =
        NodeDefinition.builder()
            .name(N1)
            .address("127.0.0.1")
            .port(6818)
            .cpus(4)
            .coresPerSocket(4)
            .realMemoryMiB(1000)
            .build();
    Partition partition =
        Partition.builder().name(PartitionName.of("main")).members(List.of(N1)).flags(1).build();
    ClusterConfig config =
        ClusterConfig.builder()
            .clusterName("test")
            .release("22.05")
            .nodes(List.of(node))
            .partitions(List.of(partition))
            .selectTypeParameters(0x14)
            .build();
    log.apply(Configure.builder().time(time.now()).config(config).start(true).build());
    NodeRegistration registration =
        NodeRegistration.builder()
            .node(N1)
            .protocolVersion(Release.V22_05.protocolVersion())
            .cpus(4)
            .sockets(1)
            .coresPerSocket(4)
            .threadsPerCore(1)
            .realMemoryMiB(1000)
            .madeAt(time.now())
            .build();
    log.apply(NodeRegistered.builder().time(time.now()).registration(registration).build());
    log.follow(agent);
    work();
  }

  private void work() {
    while (agent.doWork() > 0) {
      // until there is nothing left to do now
    }
  }

  private JobId submit(long priority) {
    JobRequest request =
        JobRequest.builder()
            .name("job")
            .userId(Uid.of(2001))
            .groupId(Gid.of(2001))
            .batch(true)
            .memoryMiB(100)
            .script(BlobId.of("aa"))
            .environment(BlobId.of("bb"))
            .workDir("/tmp")
            .priorityAsked(priority)
            .build();
    Reply reply =
        log.apply(SubmitJob.builder().time(time.now()).caller(ROOT).request(request).build());
    return assertInstanceOf(Reply.JobAccepted.class, reply, reply::toString).jobId();
  }

  private Job job(JobId id) {
    return log.state().jobs().require(id);
  }

  @Test
  void aJobThatComesInHeldIsNotPlannedForUntilItIsReleased() {
    long before = agent.plans();
    JobId held = submit(0);
    work();
    assertEquals(before, agent.plans());
    JobChanges released = JobChanges.builder().priority(NoVal.INFINITE).build();
    log.apply(
        UpdateJob.builder().time(time.now()).caller(ROOT).jobId(held).changes(released).build());
    work();
    assertTrue(agent.plans() > before);
    assertTrue(job(held).priority() > 0, "it is released");
  }

  @Test
  void aLongPlanIsFollowedByALongerRest() {
    planTakes = Duration.ofMillis(100);
    submit(NoVal.NO_VAL);
    work();
    long before = agent.plans();
    submit(NoVal.NO_VAL);
    work();
    assertEquals(before, agent.plans());
    assertEquals(Duration.ofMillis(400).toNanos(), agent.restNanos());
    time.pass(Duration.ofMillis(400));
    work();
    assertTrue(agent.plans() > before);
  }

  @Test
  void noRestIsLongerThanASecond() {
    planTakes = Duration.ofSeconds(2);
    submit(NoVal.NO_VAL);
    work();
    submit(NoVal.NO_VAL);
    assertEquals(Duration.ofSeconds(1).toNanos(), agent.restNanos());
    assertEquals(JobState.PENDING, job(JobId.of(2)).state());
  }
}
