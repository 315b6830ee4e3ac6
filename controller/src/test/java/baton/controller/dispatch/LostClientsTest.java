package baton.controller.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.controller.apply.Reply;
import baton.controller.command.Caller;
import baton.controller.command.Configure;
import baton.controller.command.CreateStep;
import baton.controller.command.NodeRegistered;
import baton.controller.command.StepCompleted;
import baton.controller.command.SubmitJob;
import baton.controller.model.ClusterConfig;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.Step;
import baton.controller.model.StepRequest;
import baton.controller.rpc.StartNow;
import baton.protocol.message.MessageType;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Allocations that a new leader finds, some of whose clients are there no more. */
class LostClientsTest {
  private static final NodeName N1 = NodeName.of("n1");
  private static final Uid ALICE = Uid.of(2001);

  private final HandTime time = new HandTime();
  private final LocalLog log = new LocalLog(time);
  private final RecordedClients clients = new RecordedClients();
  private final Set<RecordedClients.Sent> answered = new HashSet<>();
  private int port = 40_000;

  @BeforeEach
  void startCluster() {
    NodeDefinition node =
        NodeDefinition.builder()
            .name(N1)
            .cpus(8)
            .sockets(1)
            .coresPerSocket(8)
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
            .selectTypeParameters(4)
            .build();
    log.apply(Configure.builder().time(time.now()).config(config).start(true).build());
    NodeRegistration registration =
        NodeRegistration.builder()
            .node(N1)
            .protocolVersion(Release.V22_05.protocolVersion())
            .cpus(8)
            .sockets(1)
            .coresPerSocket(8)
            .threadsPerCore(1)
            .realMemoryMiB(1000)
            .build();
    log.apply(NodeRegistered.builder().time(time.now()).registration(registration).build());
  }

  @Test
  void oneThatIsGoneGivesItsAllocationBack() {
    JobId gone = allocate("srun hostname");
    JobId there = allocate("salloc");
    lead(Set.of(port));
    assertEquals(JobState.COMPLETE, state(gone));
    assertEquals(JobState.RUNNING, state(there));
  }

  @Test
  void aRefusalIsNotBelievedWhereNobodyWasReached() {
    JobId job = allocate("srun hostname");
    lead(Set.of());
    assertEquals(JobState.RUNNING, state(job));
  }

  @Test
  void aPortThatAnotherClientHasNowIsLeftInPeace() {
    JobId gone = allocate("srun hostname");
    port--;
    JobId heir = allocate("salloc");
    allocate("salloc");
    lead(Set.of(port - 1, port));
    assertEquals(JobState.COMPLETE, state(gone));
    assertEquals(JobState.RUNNING, state(heir));
    assertEquals(2, clients.all(MessageType.SRUN_PING).size());
  }

  @Test
  void anAllocationMayBeMeantToHaveNoClient() {
    JobId job = allocate("salloc -N1 --no-shell");
    JobId unknown = allocate(null);
    allocate("salloc");
    lead(Set.of(port));
    assertEquals(JobState.RUNNING, state(job));
    assertEquals(JobState.RUNNING, state(unknown));
  }

  @Test
  void aShellMayOutliveItsSallocAndGoOnMakingSteps() {
    JobId unused = allocate("salloc -N1");
    JobId used = allocate("salloc -N1");
    step(used);
    allocate("salloc");
    lead(Set.of(port));
    assertEquals(JobState.COMPLETE, state(unused));
    assertEquals(JobState.RUNNING, state(used));
  }

  /** A step that was made and is over. */
  private void step(JobId job) {
    StepRequest request =
        StepRequest.builder()
            .userId(ALICE)
            .minNodes(1)
            .taskCount(1)
            .cpuCount(1)
            .memory(10)
            .taskDistribution(2)
            .srunPid(700)
            .host("10.0.0.1")
            .port(5000)
            .build();
    Caller alice = Caller.builder().uid(ALICE).gid(Gid.of(2001)).build();
    Reply reply =
        log.apply(
            CreateStep.builder()
                .time(time.now())
                .caller(alice)
                .jobId(job)
                .request(request)
                .build());
    Step made = assertInstanceOf(Reply.StepCreated.class, reply, reply::toString).step();
    log.apply(StepCompleted.builder().time(time.now()).jobId(job).stepId(made.stepId()).build());
    assertEquals(0, log.state().stepsOf(job).size());
  }

  private JobId allocate(String line) {
    port++;
    JobRequest request =
        JobRequest.builder()
            .userId(ALICE)
            .groupId(Gid.of(2001))
            .name("interactive")
            .workDir("/home/alice")
            .memoryMiB(10)
            .submitLine(line)
            .responseHost("10.0.0.1")
            .otherPort(port)
            .submitProtocolVersion(Release.V22_05.protocolVersion())
            .build();
    SubmitJob command =
        SubmitJob.builder()
            .time(time.now())
            .caller(Caller.builder().uid(ALICE).gid(Gid.of(2001)).build())
            .request(request)
            .build();
    Reply reply = log.apply(StartNow.with(log.state(), command));
    return assertInstanceOf(Reply.JobStarted.class, reply, reply::toString).job().id();
  }

  /** A controller takes over, and works for a minute; who is there answers on its port. */
  private void lead(Set<Integer> open) {
    ClientWatch watch = new ClientWatch(log, clients, time, new Doorbell());
    for (int second = 0; second < 60; second++) {
      time.pass(Duration.ofSeconds(1));
      while (watch.doWork() > 0) {
        answer(open);
      }
    }
  }

  private void answer(Set<Integer> open) {
    for (RecordedClients.Sent sent : clients.all(MessageType.SRUN_PING)) {
      if (!answered.add(sent)) {
        continue;
      }
      if (open.contains(sent.port())) {
        sent.take();
      } else {
        sent.fail(Reason.REFUSED);
      }
    }
  }

  private JobState state(JobId id) {
    return log.state().jobs().get(id).orElseThrow().state();
  }
}
