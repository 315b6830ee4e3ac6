package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.clock.Agent;
import baton.controller.conf.HealthCheck;
import baton.controller.dispatch.ClientWatch;
import baton.controller.dispatch.ClockAgent;
import baton.controller.dispatch.Dispatcher;
import baton.controller.dispatch.Doorbell;
import baton.controller.dispatch.NodeTargets;
import baton.controller.dispatch.NodeWatch;
import baton.controller.dispatch.SchedulerAgent;
import baton.controller.journal.ClusterLog;
import baton.controller.model.ClusterState;
import baton.controller.model.NodeName;
import baton.controller.replication.StateFollower;
import baton.controller.scheduler.Scheduler;
import baton.protocol.message.Identity;
import baton.protocol.type.Longs;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The agents of one controller, each called as its runner would: when it is rung, and at times. */
final class Agents {
  private static final long REST = 500 * Timeline.MILLI;
  private static final long LONGEST_WAKING = 2 * Timeline.MILLI;

  private final ControllerLife life;
  private final List<Runner> runners = new ArrayList<>();
  private final NodeWatch watch;

  /** {@code log} is the way to the log that the agents have. */
  Agents(ControllerLife life, ClusterLog log, Consumer<StateFollower<ClusterState, Delta>> follow) {
    this.life = life;
    ControllerMachine.World world = life.machine().world();
    NodeTargets targets = new NodeTargets(life.clock());
    Doorbell watchBell = new Doorbell();
    HealthCheck none = new HealthCheck(null, Duration.ZERO, Set.of());
    watch =
        new NodeWatch(log, world.nodeChannel(life), targets, () -> none, life.clock(), watchBell);
    Doorbell dispatchBell = new Doorbell();
    Dispatcher dispatcher =
        new Dispatcher(
            log,
            world.nodeChannel(life),
            world.clientChannel(life),
            targets,
            (user, group) ->
                Identity.builder()
                    .userId(user)
                    .groupId(group)
                    .groupIds(Longs.of(group.value()))
                    .build(),
            (command, environment, limit, told) -> {
              throw new IllegalStateException("nothing is configured to run: " + command);
            },
            life.clock(),
            dispatchBell,
            watch::ask,
            life);
    Doorbell scheduleBell = new Doorbell();
    SchedulerAgent scheduler =
        new SchedulerAgent(log, world.plant().planner(Scheduler::plan), life.clock(), scheduleBell);
    Doorbell clockBell = new Doorbell();
    Doorbell clientBell = new Doorbell();
    add(watch, watchBell);
    add(dispatcher, dispatchBell);
    add(scheduler, scheduleBell);
    add(new ClockAgent(log, life.clock(), ZoneOffset.UTC, clockBell), clockBell);
    add(new ClientWatch(log, world.clientChannel(life), life.clock(), clientBell), clientBell);
    follow.accept(dispatcher);
    follow.accept(scheduler);
  }

  private void add(Agent agent, Doorbell bell) {
    Runner runner = new Runner(agent);
    runners.add(runner);
    bell.connect(runner::ring);
  }

  void start() {
    runners.forEach(Runner::ring);
    life.after(REST, this::start);
  }

  /** A node says that a launch of it came twice. */
  void doubtLaunch(NodeName node, Duration wait) {
    watch.askLater(node, wait);
  }

  /** Calls one agent as long as it finds something to do. */
  private final class Runner {
    private final Agent agent;
    private boolean planned;

    Runner(Agent agent) {
      this.agent = agent;
    }

    void ring() {
      if (!planned) {
        planned = true;
        life.after(life.chance().between(0, LONGEST_WAKING), this::work);
      }
    }

    private void work() {
      planned = false;
      if (agent.doWork() > 0) {
        ring();
      }
    }
  }
}
