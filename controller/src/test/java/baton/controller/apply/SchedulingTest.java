package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.JobChanges;
import baton.controller.command.SignalJob;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateJob;
import baton.controller.command.UpdateNodes;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Plan;
import baton.controller.scheduler.Scheduler;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Plans put before the state: who starts, who waits, and why. Nodes have 4 cores and 1000 MiB. */
final class SchedulingTest {
  private static final long NICE_OFFSET = 0x80000000L;

  private final Fixture cluster = Fixture.withNodes(3);

  @Test
  void shortJobsPassOnesThatWaitWhereTheyDelayNobody() {
    JobId first = cluster.accepted(sized(4, 1, 60));
    cluster.schedule();
    JobId wide = cluster.accepted(sized(12, 3, 60));
    JobId shorter = cluster.accepted(sized(4, 1, 30));
    JobId longer = cluster.accepted(sized(4, 1, 90));
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(first).state());
    assertEquals(JobReason.RESOURCES, cluster.job(wide).reason());
    assertEquals(cluster.job(first).endTime(), cluster.job(wide).expectedStart());
    assertEquals("n[1-3]", cluster.job(wide).expectedNodes());
    assertEquals(JobState.RUNNING, cluster.job(shorter).state());
    assertEquals(JobReason.PRIORITY, cluster.job(longer).reason());
    assertNotNull(cluster.job(longer).expectedStart());
  }

  @Test
  void aJobIsExpectedWhereThereIsRoomAlreadyNow() {
    cluster.accepted(sized(4, 1, 60));
    cluster.schedule();
    JobId wide = cluster.accepted(sized(12, 3, 60));
    JobId longer = cluster.accepted(sized(8, 2, 90));
    cluster.schedule();
    assertEquals("n[1-3]", cluster.job(wide).expectedNodes());
    assertEquals("n[2-3]", cluster.job(longer).expectedNodes());
  }

  @Test
  void aNodeThatIsDrainedMakesItsJobsWait() {
    cluster.apply(
        UpdateNodes.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .nodes(List.of(NodeName.of("n2")))
            .state(NodeFlag.DRAIN)
            .reason("disk")
            .build());
    JobId there = cluster.accepted(sized(1, 1, 10).requiredNodes("n2"));
    JobId all = cluster.accepted(sized(3, 3, 10));
    JobId one = cluster.accepted(sized(1, 1, 10));
    cluster.schedule();
    assertEquals(JobReason.NODE_NOT_AVAILABLE, cluster.job(there).reason());
    assertEquals("ReqNodeNotAvail, UnavailableNodes:n2", cluster.job(there).stateDescription());
    assertEquals(JobReason.RESOURCES, cluster.job(all).reason());
    assertEquals(
        "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority"
            + " partitions",
        cluster.job(all).stateDescription());
    assertEquals(JobState.RUNNING, cluster.job(one).state());
  }

  @Test
  void aFailedDependencyIsRememberedWhenTheOtherJobIsForgotten() {
    JobId first = cluster.accepted(sized(1, 1, 10).priorityAsked(0));
    JobId second = cluster.accepted(sized(1, 1, 10).dependency("afterok:" + first.value()));
    assertEquals("afterok:1(unfulfilled)", cluster.job(second).request().dependency());
    cluster.apply(
        SignalJob.builder()
            .time(cluster.now())
            .caller(Fixture.ALICE)
            .jobId(first)
            .stepId(0xfffffffeL)
            .signal(9)
            .build());
    assertEquals("afterok:1(failed)", cluster.job(second).request().dependency());
    assertEquals(JobReason.DEPENDENCY_NEVER_SATISFIED, cluster.job(second).reason());
    cluster.pass(100_000);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertTrue(cluster.state().jobs().get(first).isEmpty());
    cluster.schedule();
    assertEquals(JobReason.DEPENDENCY_NEVER_SATISFIED, cluster.job(second).reason());
  }

  @Test
  void aUserMayLowerAPriorityButIsToldThatItDoesNotLast() {
    JobId id = cluster.accepted(sized(1, 1, 10));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED),
        update(id, JobChanges.builder().priority(0xfffffff0L)));
    assertEquals(
        new Reply.Accepted(SlurmError.ESLURM_PRIO_RESET_FAIL),
        update(id, JobChanges.builder().priority(5)));
    assertEquals(5, cluster.job(id).priority());
  }

  @Test
  void windowsAreForwardedForWhoWaitsWhereThatIsConfigured() {
    JobRequest.Builder shell = sized(1, 1, 10).batch(false).script(null).x11(1);
    Reply refused = Reply.rejected(SlurmError.ESLURM_X11_NOT_AVAIL);
    assertEquals(refused, cluster.submit(shell.build()));
    cluster.configure(config -> config.prologFlags(0x15));
    cluster.accepted(shell);
    assertEquals(refused, cluster.submit(sized(1, 1, 10).x11(1).build()));
  }

  @Test
  void aHeldJobWhoseNiceChangesIsNotHeldAnyMore() {
    JobId id = cluster.accepted(sized(1, 1, 10).priorityAsked(0));
    assertEquals(Reply.ACCEPTED, update(id, JobChanges.builder().nice(NICE_OFFSET + 20)));
    assertEquals(2, cluster.job(id).priority());
  }

  @Test
  void tenThousandJobsThatCannotStartAreNotEachTriedEverywhere() {
    cluster.accepted(sized(12, 3, 60));
    cluster.schedule();
    for (int i = 0; i < 9_000; i++) {
      cluster.accepted(sized(4, 1, 60));
    }
    Plan plan = Scheduler.plan(cluster.state(), cluster.now(), Budget.unlimited());
    assertEquals(9_000, plan.examined());
    assertTrue(plan.tried() < 1_500, "looked through the nodes " + plan.tried() + " times");
  }

  @Property(tries = 60)
  void aPlanNeverGivesOutMoreThanThereIs(
      @ForAll @Size(max = 12) List<@IntRange(max = 4095) Integer> requests) {
    Fixture nodes = Fixture.withNodes(3);
    for (int request : requests) {
      int cpus = 1 + request % 13;
      int minNodes = 1 + request / 13 % 3;
      JobRequest.Builder job = sized(Math.max(cpus, minNodes), minNodes, 10 + request % 50);
      job.memoryMiB(request / 39 % 5 * 150L).shareMode(request % 7 == 0 ? 0 : 0xfffe);
      nodes.submit(job.build());
    }
    Plan plan = Scheduler.plan(nodes.state(), nodes.now(), Budget.unlimited());
    assertEquals(plan, Scheduler.plan(nodes.state(), nodes.now(), Budget.unlimited()));
    check(plan);
    nodes.apply(plan.toCommand(nodes.now()));
    for (var start : plan.starts()) {
      assertEquals(JobState.RUNNING, nodes.job(start.jobId()).state(), "apply left a start out");
    }
  }

  private static void check(Plan plan) {
    for (String name : List.of("n1", "n2", "n3")) {
      List<Integer> cores = new ArrayList<>();
      long memory = 0;
      for (var start : plan.starts()) {
        for (NodeAllocation share : start.allocation().nodes()) {
          if (share.node().value().equals(name)) {
            share.cores().indices().forEach(cores::add);
            memory += share.memoryMiB();
          }
        }
      }
      assertEquals(cores.stream().distinct().count(), cores.size(), "a core given twice");
      assertTrue(memory <= 1000, "memory given out: " + memory);
      assertTrue(cores.stream().allMatch(core -> core < 4));
    }
  }

  private Reply update(JobId id, JobChanges.Builder changes) {
    return cluster
        .apply(
            UpdateJob.builder()
                .time(cluster.now())
                .caller(Fixture.ALICE)
                .jobId(id)
                .changes(changes.build())
                .build())
        .reply();
  }

  private static JobRequest.Builder sized(int cpus, int nodes, long minutes) {
    return Fixture.batch()
        .minCpus(cpus)
        .minNodes(nodes)
        .timeLimitMinutes(minutes)
        .memoryPerCpu(true)
        .memoryMiB(100);
  }
}
