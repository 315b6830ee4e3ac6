package baton.controller.apply;

import baton.controller.command.NodeRegistered;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.ClusterConfig;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.NodeState;
import baton.controller.model.RunningStep;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A slurmd registers: is the node what slurm.conf says, and does it run what it should? */
final class Registration {
  /** The batch script's step number. */
  private static final long BATCH_STEP = 0xfffffffbL;

  private static final long NO_LONGER_STARTING =
      NodeFlag.NO_RESPOND
          | NodeFlag.POWERING_UP
          | NodeFlag.POWERED_DOWN
          | NodeFlag.POWERING_DOWN
          | NodeFlag.INVALID_REGISTRATION;

  private Registration() {}

  static Reply registered(Change change, NodeRegistered command) {
    NodeRegistration said = command.registration();
    Node node = change.node(said.node());
    if (node == null) {
      return Reply.rejected(SlurmError.ENOENT);
    }
    reconcile(change, node, said);
    Node.Builder next =
        change.node(node.name()).toBuilder()
            .registration(List.of(said))
            .registrationOwed(false)
            .cpuLoad(said.cpuLoad())
            .freeMemoryMiB(said.freeMemoryMiB())
            .memoryLoadTime(change.now())
            .flags(node.flags() & ~NO_LONGER_STARTING);
    String fault = fault(change.config(), node.definition(), said);
    boolean rebooted = rebootedUnexpectedly(change.config(), node, said.bootTime());
    change.put(next.lastResponse(change.now()).build());
    if (fault != null) {
      refuse(change, node.name(), fault);
    } else if (said.status() == SlurmError.ESLURMD_PROLOG_FAILED.number()) {
      NodeHealth.drain(change, node.name(), "Prolog error");
    } else if (said.status() == SlurmError.ESLURMD_SETUP_ENVIRONMENT_ERROR.number()) {
      NodeHealth.drain(change, node.name(), "Job env setup error");
    } else {
      accept(change, node, rebooted);
    }
    return Reply.ACCEPTED;
  }

  /** The first thing wrong with each quantity, joined as slurmctld words it; null if none is. */
  private static String fault(ClusterConfig config, NodeDefinition defined, NodeRegistration said) {
    if (Settings.has(config, "SlurmdParameters", "config_overrides")) {
      return null;
    }
    List<String> faults = new ArrayList<>();
    int threadsFound = said.sockets() * said.coresPerSocket() * said.threadsPerCore();
    int threadsDefined = defined.sockets() * defined.coresPerSocket() * defined.threadsPerCore();
    if (threadsFound < threadsDefined) {
      faults.add("Low socket*core*thread count");
    }
    if (said.cpus() < defined.cpus()) {
      faults.add("Low CPUs");
    }
    double percent = Settings.number(config, "SlurmctldParameters", "node_reg_mem_percent", 100);
    if (defined.realMemoryMiB() > 0
        && (double) said.realMemoryMiB() / defined.realMemoryMiB() * 100 < percent) {
      faults.add(
          String.format(
              Locale.ROOT,
              "Low RealMemory (reported:%d < %.2f%% of configured:%d)",
              said.realMemoryMiB(),
              percent,
              defined.realMemoryMiB()));
    }
    if (said.tmpDiskMiB() < defined.tmpDiskMiB()) {
      faults.add("Low TmpDisk");
    }
    return faults.isEmpty() ? null : String.join(", ", faults);
  }

  private static void refuse(Change change, NodeName name, String fault) {
    Node node = change.node(name);
    change.put(node.toBuilder().flags(node.flags() | NodeFlag.INVALID_REGISTRATION).build());
    if (!NodeLifecycle.isDown(node) && !NodeLifecycle.has(node, NodeFlag.FAIL)) {
      NodeHealth.drain(change, name, fault);
    }
  }

  private static void accept(Change change, Node before, boolean rebooted) {
    NodeName name = before.name();
    Node node = change.node(name);
    if (node.baseState() == NodeState.UNKNOWN || node.baseState() == NodeState.FUTURE) {
      change.put(node.toBuilder().baseState(NodeState.IDLE).lastBusy(change.now()).build());
    } else if (NodeLifecycle.isDown(node) && returnsToService(change.config(), before, node)) {
      Node.Builder next =
          node.toBuilder()
              .baseState(NodeState.IDLE)
              .flags(node.flags() & ~NodeFlag.REBOOT_ISSUED)
              .lastBusy(change.now());
      if (!NodeLifecycle.has(node, NodeFlag.DRAIN)) {
        next = NodeReasons.up(change, next);
      }
      change.put(next.build());
    } else if (rebooted) {
      Node.Builder next = node.toBuilder();
      if (node.reason() == null || NodeHealth.NOT_RESPONDING.equals(node.reason())) {
        next.reason("Node unexpectedly rebooted")
            .reasonTime(change.now())
            .reasonUid(change.config().slurmUserUid());
      }
      change.put(next.baseState(NodeState.DOWN).build());
      NodeHealth.endJobsOn(change, name);
    }
  }

  private static boolean rebootedUnexpectedly(ClusterConfig config, Node node, Instant bootTime) {
    return config.returnToService() != 2
        && node.lastResponse() != null
        && bootTime != null
        && bootTime.isAfter(node.lastResponse());
  }

  private static boolean returnsToService(ClusterConfig config, Node before, Node node) {
    if (config.returnToService() == 2 || NodeLifecycle.has(node, NodeFlag.REBOOT_ISSUED)) {
      return true;
    }
    Instant boot = node.registration().get(0).bootTime();
    return config.returnToService() == 1
        && NodeHealth.NOT_RESPONDING.equals(node.reason())
        && (boot == null || before.lastResponse() == null || boot.isBefore(before.lastResponse()));
  }

  /** Compares what runs there with what should; nothing is killed that Slurm would have kept. */
  private static void reconcile(Change change, Node node, NodeRegistration said) {
    Instant seen = seen(change, said);
    Set<JobId> alive = new HashSet<>();
    Set<JobId> told = new HashSet<>();
    for (RunningStep step : said.runningSteps()) {
      Job job = change.job(step.jobId());
      if (job == null || !holds(change, node.name(), step.jobId())) {
        if (told.add(step.jobId())) {
          abort(change, node.name(), step.jobId());
        }
        continue;
      }
      alive.add(step.jobId());
      if (step.stepId() == BATCH_STEP
          && Launching.isUnanswered(job)
          && !Launching.isAnEarlierRuns(job)
          && job.launchTime() != null
          && !job.launchTime().isAfter(seen)) {
        change.put(
            job.toBuilder().launchState(LaunchState.ACCEPTED).launchAnswerTime(change.now()));
        settleLaunch(change, job.id());
      }
    }
    for (Holding holding : List.copyOf(change.holdingsOn(node.name()))) {
      Job job = change.job(holding.jobId());
      if (!alive.contains(job.id()) && isMissing(change.config(), job, node.name(), seen)) {
        Requeueing.lost(change, job);
      }
    }
    Instant known = seen.minusSeconds(graceSeconds(change.config()));
    Steps.notSeen(change, node.name(), said.runningSteps(), known);
  }

  /** How long what was launched may take until a registration must show it. */
  private static int graceSeconds(ClusterConfig config) {
    return config.batchStartTimeoutSeconds() + Math.min(10, config.messageTimeoutSeconds());
  }

  private static boolean holds(Change change, NodeName node, JobId jobId) {
    return change.holdingsOn(node).stream().anyMatch(held -> held.jobId().equals(jobId));
  }

  private static void settleLaunch(Change change, JobId jobId) {
    for (Effect effect : change.effectsOf(jobId)) {
      if (effect.kind() == EffectKind.LAUNCH_BATCH) {
        change.settle(effect.id());
      }
    }
  }

  /**
   * The moment of which a registration tells. It is made once, and slurmd tries for a while to be
   * heard: scripts that were launched meanwhile are not in it.
   */
  private static Instant seen(Change change, NodeRegistration said) {
    boolean old = said.madeAt() != null && said.madeAt().isBefore(change.now());
    return old ? said.madeAt() : change.now();
  }

  /** A batch script that had been there long enough by {@code seen}, and was not there any more. */
  private static boolean isMissing(ClusterConfig config, Job job, NodeName node, Instant seen) {
    int grace = graceSeconds(config);
    return job.request().batch()
        && (JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job))
        && !JobLifecycle.isConfiguring(job)
        && job.launchState() == LaunchState.ACCEPTED
        && node.equals(job.batchHost())
        && job.launchAnswerTime() != null
        && job.launchAnswerTime().plusSeconds(grace).isBefore(seen);
  }

  private static void abort(Change change, NodeName node, JobId jobId) {
    for (Effect effect : change.effectsOf(jobId)) {
      if (effect.kind() == EffectKind.ABORT_JOB && effect.nodes().contains(node)) {
        return;
      }
    }
    change.owe(Effect.builder().kind(EffectKind.ABORT_JOB).jobId(jobId).nodes(List.of(node)));
  }
}
