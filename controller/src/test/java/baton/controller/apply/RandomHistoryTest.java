package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobChanges;
import baton.controller.command.LaunchLost;
import baton.controller.command.LaunchesSending;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateJob;
import baton.controller.command.UpdateNodes;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.RunningStep;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever happens in whatever order: users, nodes that answer late, twice or never, and time.
 * After each command the invariants hold, judged by {@link StateAudit}, which shares no code with
 * apply.
 */
class RandomHistoryTest {
  /** One event; {@code pick} chooses its subject among those there are. */
  record Event(int kind, int pick, int detail) {}

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 1000);
    return Arbitraries.integers()
        .between(0, 15)
        .flatMap(kind -> numbers.tuple2().map(pair -> new Event(kind, pair.get1(), pair.get2())))
        .list()
        .ofMinSize(20)
        .ofMaxSize(150);
  }

  @Property(tries = 200)
  void invariantsHoldAfterEachCommand(@ForAll("histories") List<Event> history) {
    Run run = new Run();
    history.forEach(run::happen);
  }

  @Property(tries = 50)
  void theSameHistoryGivesTheSameState(@ForAll("histories") List<Event> history) {
    Run first = new Run();
    Run second = new Run();
    history.forEach(first::happen);
    history.forEach(second::happen);
    assertTrue(first.cluster.state().equals(second.cluster.state()), "two states of one history");
  }

  /** One history as it unfolds. */
  private static final class Run {
    private final Fixture cluster = Fixture.withNodes(3);
    private final Set<JobId> accepted = new HashSet<>();
    private final Set<String> launched = new HashSet<>();

    void happen(Event event) {
      ClusterState before = cluster.state();
      Outcome outcome = step(event);
      if (outcome == null) {
        return;
      }
      for (Effect effect : outcome.owed()) {
        if (effect.kind() == EffectKind.LAUNCH_BATCH) {
          String attempt = effect.jobId() + "/" + effect.restartCount();
          assertTrue(launched.add(attempt), "launched twice: " + attempt);
        }
      }
      if (outcome.reply() instanceof Reply.JobAccepted job) {
        assertTrue(accepted.add(job.jobId()), "job id used twice: " + job.jobId());
      }
      if (outcome.reply() instanceof Reply.Rejected) {
        assertSame(before.jobs(), outcome.next().jobs());
        assertSame(before.nodes(), outcome.next().nodes());
        assertSame(before.effects(), outcome.next().effects());
      }
      StateAudit.check(cluster.state());
    }

    private Outcome step(Event event) {
      Job job = subject(event.pick());
      NodeName node = NodeName.of("n" + (event.detail() % 3 + 1));
      return switch (event.kind()) {
        case 0, 1 -> submit(event);
        case 2, 3 -> {
          cluster.schedule();
          yield null;
        }
        case 4 -> sending();
        case 5 -> answered(event);
        case 6 -> lost(event);
        case 7 -> job == null ? null : completed(job, node, event.detail());
        case 8 -> job == null ? null : epilog(job, node, event.detail());
        case 9 -> job == null ? null : cancelled(job);
        case 10 -> job == null ? null : requeued(job);
        case 11 -> {
          cluster.pass(event.detail());
          yield cluster.apply(TimePassed.builder().time(cluster.now()).build());
        }
        case 12 -> registered(job, node, event.detail());
        case 13 -> updatedNode(node, event.detail());
        case 14 -> job == null ? null : updatedJob(job, event.detail());
        default -> cluster.apply(Fixture.silent(cluster.now(), cluster.now(), node));
      };
    }

    private Job subject(int pick) {
      List<Job> jobs = new ArrayList<>(cluster.state().jobs().values());
      return jobs.isEmpty() ? null : jobs.get(pick % jobs.size());
    }

    private Outcome submit(Event event) {
      int detail = event.detail();
      JobRequest request =
          Fixture.batch()
              .minCpus(1 + detail % 9)
              .minNodes(1 + detail % 3)
              .requeue(detail % 2 == 0)
              .shareMode(detail % 7 == 0 ? 0 : NoVal.NO_VAL16)
              .memoryMiB(50 + detail % 400)
              .timeLimitMinutes(1 + detail % 5)
              .build();
      return cluster.apply(
          SubmitJob.builder().time(cluster.now()).caller(Fixture.ALICE).request(request).build());
    }

    private Outcome sending() {
      List<EffectId> ids = new ArrayList<>();
      for (Effect effect : cluster.state().effects().values()) {
        if (effect.kind() == EffectKind.LAUNCH_BATCH) {
          ids.add(effect.id());
        }
      }
      return cluster.apply(LaunchesSending.builder().time(cluster.now()).effects(ids).build());
    }

    private Effect launch(int pick) {
      List<Effect> launches =
          cluster.state().effects().values().stream()
              .filter(effect -> effect.kind() == EffectKind.LAUNCH_BATCH)
              .toList();
      return launches.isEmpty() ? null : launches.get(pick % launches.size());
    }

    private Outcome answered(Event event) {
      Effect effect = launch(event.pick());
      if (effect == null) {
        return null;
      }
      long[] codes = {0, 0, 0, 2011, 4022, 4008};
      return cluster.apply(
          BatchLaunchAnswered.builder()
              .time(cluster.now())
              .effectId(effect.id())
              .jobId(effect.jobId())
              .restartCount(effect.restartCount())
              .node(effect.nodes().get(0))
              .returnCode(codes[event.detail() % codes.length])
              .build());
    }

    private Outcome lost(Event event) {
      Effect effect = launch(event.pick());
      return effect == null
          ? null
          : cluster.apply(LaunchLost.builder().time(cluster.now()).effectId(effect.id()).build());
    }

    private Outcome completed(Job job, NodeName node, int detail) {
      return cluster.apply(
          BatchScriptCompleted.builder()
              .time(cluster.now())
              .caller(Fixture.ROOT)
              .jobId(job.id())
              .node(job.batchHost() == null ? node : job.batchHost())
              .userId(Uid.of(2001))
              .waitStatus(detail % 3 == 0 ? 0 : detail % 3 == 1 ? 256 : 15)
              .build());
    }

    private Outcome epilog(Job job, NodeName node, int detail) {
      return cluster.apply(
          EpilogCompleted.builder()
              .time(cluster.now())
              .jobId(job.id())
              .node(node)
              .returnCode(detail % 20 == 0 ? 1 : 0)
              .build());
    }

    private Outcome cancelled(Job job) {
      return cluster.apply(
          SignalJob.builder().time(cluster.now()).caller(Fixture.ALICE).jobId(job.id()).build());
    }

    private Outcome requeued(Job job) {
      return cluster.apply(
          RequeueJob.builder().time(cluster.now()).caller(Fixture.ROOT).jobId(job.id()).build());
    }

    private Outcome registered(Job job, NodeName node, int detail) {
      if (job == null || detail % 2 == 0) {
        return cluster.register(node);
      }
      return cluster.register(
          node, RunningStep.builder().jobId(job.id()).stepId(0xfffffffbL).build());
    }

    private Outcome updatedNode(NodeName node, int detail) {
      long[] states = {NodeFlag.DRAIN, NodeFlag.RESUME, 1, 2, NodeFlag.UNDRAIN};
      return cluster.apply(
          UpdateNodes.builder()
              .time(cluster.now())
              .caller(Fixture.ROOT)
              .nodes(List.of(node))
              .state(states[detail % states.length])
              .reason("test")
              .build());
    }

    private Outcome updatedJob(Job job, int detail) {
      long[] priorities = {0, NoVal.INFINITE, 5};
      return cluster.apply(
          UpdateJob.builder()
              .time(cluster.now())
              .caller(detail % 2 == 0 ? Fixture.ROOT : Fixture.ALICE)
              .jobId(job.id())
              .changes(
                  JobChanges.builder().priority(priorities[detail % priorities.length]).build())
              .build());
    }
  }
}
