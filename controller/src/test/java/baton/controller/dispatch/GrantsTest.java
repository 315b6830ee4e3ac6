package baton.controller.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.controller.apply.Reply;
import baton.controller.command.Caller;
import baton.controller.command.Configure;
import baton.controller.command.NodeRegistered;
import baton.controller.command.SubmitJob;
import baton.controller.fault.RecordingFaultHandler;
import baton.controller.model.ClusterConfig;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Scheduler;
import baton.protocol.message.Identity;
import baton.protocol.message.MessageType;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A waiting srun or salloc is told of its allocation: it, and nobody else. */
final class GrantsTest {
  private static final NodeName N1 = NodeName.of("n1");
  private static final Uid ALICE = Uid.of(2001);
  private static final int PORT = 40_000;

  private final HandTime time = new HandTime();
  private final LocalLog log = new LocalLog(time);
  private final RecordedClients clients = new RecordedClients();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private Dispatcher dispatcher;

  @BeforeEach
  void startCluster() {
    NodeDefinition node =
        NodeDefinition.builder().name(N1).cpus(4).coresPerSocket(4).realMemoryMiB(1000).build();
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
    lead();
    pass(1);
  }

  @AfterEach
  void noFaults() {
    faults.assertNone();
  }

  @Test
  void aClientThatDoesNotListenYetIsToldAgain() {
    submit(PORT, 4);
    start();
    pass(1);
    grants().get(0).fail(Reason.REFUSED);
    pass(2);
    assertEquals(2, grants().size());
    grants().get(1).take();
    pass(60);
    assertEquals(2, grants().size());
  }

  @Test
  void whatAnEarlierLeaderOwedIsTriedUntilItIsRefused() {
    JobId job = submit(PORT, 4);
    start();
    lead();
    pass(1);
    assertEquals(1, grants().size());
    grants().get(0).fail(Reason.REFUSED);
    pass(60);
    assertEquals(1, grants().size());
    assertEquals(JobState.RUNNING, state(job));
  }

  @Test
  void aPortThatAnotherClientHasNowIsLeftInPeace() {
    JobId gone = submit(PORT, 4);
    start();
    JobId heir = submit(PORT, 4);
    lead();
    pass(60);
    assertEquals(0, grants().size());
    assertEquals(JobState.RUNNING, state(gone));
    assertEquals(JobState.PENDING, state(heir));
  }

  private void lead() {
    log.forgetFollowers();
    dispatcher =
        new Dispatcher(
            log,
            new RecordedChannel(),
            clients,
            new NodeTargets(time),
            (user, group) ->
                Identity.builder().userId(user).groupId(group).groupIds(Longs.of(2001)).build(),
            (command, environment, limit, told) -> () -> {},
            time,
            new Doorbell(),
            node -> {},
            faults);
    log.follow(dispatcher);
  }

  private void pass(long seconds) {
    for (long i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      while (dispatcher.doWork() > 0) {
        // until there is nothing left to do now
      }
    }
  }

  private JobId submit(int port, int cpus) {
    JobRequest request =
        JobRequest.builder()
            .userId(ALICE)
            .groupId(Gid.of(2001))
            .name("interactive")
            .workDir("/home/alice")
            .minCpus(cpus)
            .memoryMiB(10)
            .submitLine("salloc")
            .responseHost("10.0.0.1")
            .responsePort(port)
            .submitProtocolVersion(Release.V22_05.protocolVersion())
            .build();
    Caller alice = Caller.builder().uid(ALICE).gid(Gid.of(2001)).build();
    Reply reply =
        log.apply(SubmitJob.builder().time(time.now()).caller(alice).request(request).build());
    return assertInstanceOf(Reply.JobAccepted.class, reply, reply::toString).jobId();
  }

  private void start() {
    log.apply(Scheduler.plan(log.state(), time.now(), Budget.unlimited()).toCommand(time.now()));
  }

  private List<RecordedClients.Sent> grants() {
    return clients.all(MessageType.RESPONSE_RESOURCE_ALLOCATION);
  }

  private JobState state(JobId id) {
    return log.state().jobs().require(id).state();
  }
}
