package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobChanges;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateJob;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Arrays through whatever happens to their tasks: each task runs at most once an attempt, none is
 * lost when it is taken out of its array's record, and no more run at once than the limit says.
 */
class ArrayHistoryTest {
  private static final String[] EXPRESSIONS = {
    "0-5", "1,3,5-9:2%2", "7", "0-70:7%3", "2-3", "0-99"
  };
  private static final String[] TASKS = {"0", "1-3", "[0-99]", "5,7,9", "0-6:3", "3"};

  /** One event; {@code pick} chooses its subject among those there are. */
  record Event(int kind, int pick, int detail) {}

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 1000);
    return Arbitraries.integers()
        .between(0, 11)
        .flatMap(kind -> numbers.tuple2().map(pair -> new Event(kind, pair.get1(), pair.get2())))
        .list()
        .ofMinSize(20)
        .ofMaxSize(120);
  }

  @Property(tries = 150)
  void noTaskIsLostOrRunTwice(@ForAll("histories") List<Event> history) {
    Run run = new Run();
    history.forEach(run::happen);
    run.everyTaskEnds();
  }

  /** One history as it unfolds. */
  private static final class Run {
    private final Fixture cluster = Fixture.withNodes(3);
    private final Map<JobId, BitSet> tasks = new TreeMap<>();
    private final Set<String> launched = new HashSet<>();
    private final Set<String> ended = new HashSet<>();

    void happen(Event event) {
      ClusterState before = cluster.state();
      step(event);
      note(before);
      StateAudit.check(cluster.state());
      withinLimits();
      nothingLost();
    }

    private void step(Event event) {
      Job job = subject(event.pick());
      if (event.kind() <= 1 || job == null) {
        submit(EXPRESSIONS[event.detail() % EXPRESSIONS.length]);
        return;
      }
      String some = TASKS[event.detail() % TASKS.length];
      JobId array = job.arrayJobId();
      switch (event.kind()) {
        case 2, 3 -> cluster.schedule();
        case 4, 5 -> complete(job, event.detail());
        case 6 -> cancel(array, event.detail() % 5 == 0 ? null : some);
        case 7 -> update(array, some, event.detail() % 2 == 0 ? 0 : NoVal.INFINITE);
        case 8 -> requeue(array, some);
        case 9 -> throttle(array, event.detail() % 4);
        default -> {
          cluster.pass(event.detail());
          cluster.apply(TimePassed.builder().time(cluster.now()).build());
          // those that ran out of time
          cluster.state().jobs().values().forEach(this::cleanUp);
        }
      }
    }

    private Job subject(int pick) {
      List<Job> jobs = new ArrayList<>(cluster.state().jobs().values());
      return jobs.isEmpty() ? null : jobs.get(pick % jobs.size());
    }

    private void submit(String expression) {
      if (cluster.state().jobCount() > 300) {
        return;
      }
      JobId id =
          cluster.accepted(
              Fixture.batch().arrayIndexes(expression).timeLimitMinutes(60).minCpus(1));
      tasks.put(id, cluster.job(id).arrayPendingTasks().toBitSet());
    }

    private void complete(Job job, int detail) {
      cluster.sendLaunch(job.id());
      cluster.apply(
          BatchScriptCompleted.builder()
              .time(cluster.now())
              .caller(Fixture.ROOT)
              .jobId(job.id())
              .node(job.batchHost() == null ? NodeName.of("n1") : job.batchHost())
              .userId(Uid.of(2001))
              .waitStatus(detail % 2 == 0 ? 0 : 256)
              .build());
      cleanUp(job);
    }

    private void cleanUp(Job job) {
      for (int node = 1; node <= 3; node++) {
        cluster.apply(
            EpilogCompleted.builder()
                .time(cluster.now())
                .jobId(job.id())
                .node(NodeName.of("n" + node))
                .build());
      }
    }

    private void cancel(JobId array, String some) {
      cluster.apply(
          SignalJob.builder()
              .time(cluster.now())
              .caller(Fixture.ALICE)
              .jobId(array)
              .arrayTasks(some)
              .build());
      cluster.state().jobs().values().forEach(this::cleanUp);
    }

    private void update(JobId array, String some, long priority) {
      cluster.apply(
          UpdateJob.builder()
              .time(cluster.now())
              .caller(Fixture.ALICE)
              .jobId(array)
              .arrayTasks(some)
              .changes(JobChanges.builder().priority(priority).hold(2).build())
              .build());
    }

    private void throttle(JobId array, long most) {
      cluster.apply(
          UpdateJob.builder()
              .time(cluster.now())
              .caller(Fixture.ALICE)
              .jobId(array)
              .changes(JobChanges.builder().arrayThrottle(most).build())
              .build());
    }

    private void requeue(JobId array, String some) {
      cluster.apply(
          RequeueJob.builder()
              .time(cluster.now())
              .caller(Fixture.ALICE)
              .jobId(array)
              .arrayTasks(some)
              .build());
      cluster.state().jobs().values().forEach(this::cleanUp);
    }

    /** Notes each new launch, and each task that has ended or was cancelled without a record. */
    private void note(ClusterState before) {
      for (Effect effect : cluster.state().effects().values()) {
        if (effect.kind() == EffectKind.LAUNCH_BATCH && !before.effects().contains(effect.id())) {
          Job job = cluster.job(effect.jobId());
          String attempt = name(job, (int) job.arrayTaskId()) + "/" + effect.restartCount();
          assertTrue(launched.add(attempt), () -> "launched twice: " + attempt);
        }
      }
      for (Job job : before.jobs().values()) {
        if (JobLifecycle.isFinished(job)) {
          each(job, task -> ended.add(name(job, task)));
        }
        Job after = cluster.state().jobs().get(job.id()).orElse(null);
        boolean fewer =
            job.arrayPendingTasks() != null
                && after != null
                && after.arrayForgottenTasks() + (JobLifecycle.isFinished(after) ? 1 : 0)
                    > job.arrayForgottenTasks();
        if (fewer) {
          each(job, task -> ended.add(name(job, task)));
        }
      }
    }

    private void each(Job job, IntConsumer use) {
      if (job.arrayPendingTasks() == null) {
        use.accept((int) job.arrayTaskId());
      } else {
        job.arrayPendingTasks().indices().forEach(use);
      }
    }

    private static String name(Job job, int task) {
      return job.arrayJobId() + "_" + task;
    }

    private void withinLimits() {
      Map<JobId, Integer> running = new TreeMap<>();
      for (Job job : cluster.state().jobs().values()) {
        if (job.state() == JobState.RUNNING) {
          running.merge(job.arrayJobId(), 1, Integer::sum);
        }
      }
      running.forEach(
          (array, count) -> assertEquals(count, cluster.state().arrays().running(array)));
    }

    private void nothingLost() {
      tasks.forEach(
          (array, all) -> {
            BitSet known = new BitSet();
            for (Job job : cluster.state().jobs().values()) {
              if (array.equals(job.arrayJobId())) {
                each(job, known::set);
              }
            }
            BitSet gone = (BitSet) all.clone();
            gone.andNot(known);
            gone.stream()
                .forEach(
                    task ->
                        assertTrue(
                            ended.contains(array + "_" + task),
                            () -> "lost " + array + "_" + task));
          });
    }

    /** With nobody interfering, every task that is not held comes to its end. */
    void everyTaskEnds() {
      for (int round = 0; round < 400 && !live().isEmpty(); round++) {
        ClusterState before = cluster.state();
        cluster.schedule();
        note(before);
        StateAudit.check(cluster.state());
        for (Job job : live()) {
          if (JobLifecycle.isRunning(job)) {
            complete(job, 0);
          }
        }
        cluster.pass(200);
      }
      assertEquals(List.of(), live(), "tasks that never ran");
      for (Job job : cluster.state().jobs().values()) {
        boolean ran = job.state() == JobState.COMPLETE;
        String attempt = name(job, (int) job.arrayTaskId()) + "/" + job.restartCount();
        assertTrue(!ran || launched.contains(attempt), () -> "ended without a launch: " + attempt);
      }
    }

    private List<Job> live() {
      return cluster.state().jobs().values().stream()
          .filter(job -> !JobLifecycle.isFinished(job) && (job.priority() != 0 || runs(job)))
          .toList();
    }

    private static boolean runs(Job job) {
      return JobLifecycle.isRunning(job) || JobLifecycle.isCompleting(job);
    }
  }
}
