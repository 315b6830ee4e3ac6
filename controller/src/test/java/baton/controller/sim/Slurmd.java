package baton.controller.sim;

import baton.controller.check.Auditor;
import baton.controller.sim.Timeline.Actor;
import baton.protocol.error.SlurmError;
import baton.protocol.message.BatchJobLaunch;
import baton.protocol.message.CompleteBatchScript;
import baton.protocol.message.EpilogComplete;
import baton.protocol.message.KillJob;
import baton.protocol.message.MessageType;
import baton.protocol.message.NodeRegistrationStatus;
import baton.protocol.message.PingSlurmdResponse;
import baton.protocol.message.ReturnCode;
import baton.protocol.message.SignalTasks;
import baton.protocol.message.StepId;
import baton.protocol.net.Message;
import baton.protocol.net.Reply;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One node: its slurmd and the slurmstepds of its batch scripts, as docs/engineer/slurmd-behaviour
 * has them. Scripts live on when slurmd dies, and die with the machine.
 */
final class Slurmd {
  private static final long BATCH_STEP = 0xfffffffbL;
  private static final int STARTUP = 1 << 1;
  private static final int LAUNCHED_KEPT = 64;
  private static final long STEPD_RETRY = 15 * Timeline.SECOND;
  private static final long LOOK_AGAIN = 250 * Timeline.MILLI;
  private static final Uid USER = Uid.of(2001);

  /** What surrounds a node. */
  interface Surroundings {
    /** Says something to a controller that listens; told whether it was answered. */
    void report(Actor speaker, MessageType type, Object body, Consumer<Boolean> answered);

    /** Tells the controllers that a launch of this job came twice. */
    void duplicate(Actor speaker, JobId jobId);
  }

  private final String name;
  private final ClusterShape shape;
  private final Timeline timeline;
  private final MachineClock clock;
  private final Chance chance;
  private final Auditor auditor;
  private final Surroundings around;
  private final Revocations revocations;
  private final Map<JobId, Script> scripts = new TreeMap<>();
  private final Map<JobId, Integer> starting = new HashMap<>();
  private final Set<JobId> terminating = new HashSet<>();
  private final Set<JobId> launched = new LinkedHashSet<>();
  private Actor process;
  private long bootNanos;
  private boolean on = true;

  Slurmd(
      String name,
      ClusterShape shape,
      Timeline timeline,
      MachineClock clock,
      Chance chance,
      Auditor auditor,
      Surroundings around) {
    this.name = name;
    this.shape = shape;
    this.timeline = timeline;
    this.clock = clock;
    this.chance = chance;
    this.auditor = auditor;
    this.around = around;
    this.revocations = new Revocations(shape.credentialSeconds() * Timeline.SECOND);
    // it was up before the cluster was looked at
    this.bootNanos = -3600 * Timeline.SECOND;
    start();
  }

  String name() {
    return name;
  }

  /** The process that listens; null while the machine is off. */
  Actor listener() {
    return on ? process : null;
  }

  boolean isIdle() {
    return scripts.isEmpty() && starting.isEmpty() && terminating.isEmpty();
  }

  // --- faults ---

  /** Starts slurmd where it does not run. */
  void start() {
    if (process != null && !process.isDead()) {
      return;
    }
    on = true;
    process = new Actor(name);
    launched.clear();
    launched.addAll(scripts.keySet());
    registerUntilHeard(process, Timeline.SECOND);
  }

  /** slurmd dies; scripts live on. */
  void crash() {
    timeline.kill(process);
    starting.keySet().forEach(jobId -> auditor.lost(jobId.value()));
    starting.clear();
    terminating.clear();
  }

  /** The machine dies, and all that runs on it; it is on again with {@link #boot}. */
  void powerOff() {
    crash();
    on = false;
    scripts.values().forEach(script -> timeline.kill(script.process()));
    scripts.clear();
    auditor.nodeDied(name);
  }

  void boot() {
    if (!on) {
      bootNanos = timeline.now();
      start();
    }
  }

  // --- what slurmd is asked ---

  /** Handles one message; called in its process. */
  void receive(Message message, Consumer<Reply> answer) {
    switch (message.type()) {
      case REQUEST_BATCH_JOB_LAUNCH -> launch((BatchJobLaunch) message.body(), answer);
      case REQUEST_TERMINATE_JOB, REQUEST_KILL_TIMELIMIT, REQUEST_KILL_PREEMPTED ->
          terminate((KillJob) message.body(), answer);
      case REQUEST_ABORT_JOB -> abort((KillJob) message.body(), answer);
      case REQUEST_SIGNAL_TASKS -> code(answer, signal((SignalTasks) message.body()));
      case REQUEST_PING -> answer.accept(ping());
      case REQUEST_NODE_REGISTRATION_STATUS -> {
        answer.accept(ping());
        register(process, 0, heard -> {});
      }
      default -> throw new IllegalStateException("nobody sends nodes " + message.type());
    }
  }

  private static Reply ping() {
    return new Reply(
        Release.V22_05,
        MessageType.RESPONSE_PING_SLURMD,
        PingSlurmdResponse.builder().build(),
        Optional.empty());
  }

  private static void code(Consumer<Reply> answer, SlurmError error) {
    answer.accept(
        new Reply(
            Release.V22_05,
            MessageType.RESPONSE_SLURM_RC,
            ReturnCode.builder().returnCode(error.wireNumber()).build(),
            Optional.empty()));
  }

  private void launch(BatchJobLaunch launch, Consumer<Reply> answer) {
    JobId jobId = launch.jobId();
    if (launched.contains(jobId)) {
      around.duplicate(process, jobId);
      code(answer, SlurmError.ESLURM_DUPLICATE_JOB_ID);
      return;
    }
    Script script = new Script(launch, new Actor(name + "/" + jobId));
    if (revocations.refuses(jobId, script.credentialTime(), timeline.now())) {
      code(answer, SlurmError.ESLURMD_CREDENTIAL_REVOKED);
      return;
    }
    code(answer, SlurmError.SLURM_SUCCESS);
    starting.merge(jobId, 1, Integer::sum);
    long prolog = shape.hasProlog() ? chance.between(0, 3 * Timeline.SECOND) : 0;
    timeline.after(prolog + 20 * Timeline.MILLI, process, () -> begin(script));
  }

  private void begin(Script script) {
    JobId jobId = script.jobId();
    starting.computeIfPresent(jobId, (id, count) -> count == 1 ? null : count - 1);
    if (revocations.isRevoked(jobId, script.credentialTime(), timeline.now())) {
      return;
    }
    script.start();
    scripts.put(jobId, script);
    launched.add(jobId);
    if (launched.size() > LAUNCHED_KEPT) {
      launched.remove(launched.iterator().next());
    }
    auditor.scriptStarted(
        name, jobId.value(), script.restartCount(), script.cores(), script.memoryMiB());
    timeline.after(
        script.runSeconds() * Timeline.SECOND,
        script.process(),
        () -> {
          if (!script.isOver()) {
            script.end();
            auditor.scriptEnded(name, jobId.value(), script.restartCount(), script.exitCode());
            complete(script, (long) script.exitCode() << 8);
          }
        });
  }

  /** slurmstepd says so until anybody answers anything; then it is gone. */
  private void complete(Script script, long waitStatus) {
    CompleteBatchScript body =
        CompleteBatchScript.builder()
            .jobId(script.jobId())
            .stepId(StepId.builder().jobId(script.jobId()).stepId(BATCH_STEP).build())
            .jobReturnCode(waitStatus)
            .userId(USER)
            .nodeName(name)
            .build();
    around.report(
        script.process(),
        MessageType.REQUEST_COMPLETE_BATCH_SCRIPT,
        body,
        heard -> {
          if (heard) {
            scripts.remove(script.jobId(), script);
          } else {
            timeline.after(STEPD_RETRY, script.process(), () -> complete(script, waitStatus));
          }
        });
  }

  private void kill(Script script, int signal) {
    if (!script.isOver()) {
      script.end();
      auditor.scriptKilled(name, script.jobId().value(), script.restartCount());
      if (script.isAborted()) {
        scripts.remove(script.jobId(), script);
        // nobody awaits its epilog
        auditor.cleaned(name, script.jobId().value());
      } else {
        complete(script, signal);
      }
    }
  }

  private void terminate(KillJob kill, Consumer<Reply> answer) {
    JobId jobId = kill.stepId().jobId();
    revocations.revoke(jobId, kill.time(), kill.startTime(), timeline.now());
    if (terminating.contains(jobId)) {
      code(answer, SlurmError.SLURM_SUCCESS);
      return;
    }
    boolean nothing = !starting.containsKey(jobId) && !scripts.containsKey(jobId);
    if (nothing && !shape.hasEpilog()) {
      launched.remove(jobId);
      revocations.beginExpiry(jobId, timeline.now());
      auditor.cleaned(name, jobId.value());
      code(answer, SlurmError.ESLURMD_KILL_JOB_ALREADY_COMPLETE);
      return;
    }
    code(answer, SlurmError.SLURM_SUCCESS);
    terminating.add(jobId);
    end(jobId, false);
  }

  private void abort(KillJob kill, Consumer<Reply> answer) {
    JobId jobId = kill.stepId().jobId();
    revocations.revoke(jobId, kill.time(), kill.startTime(), timeline.now());
    code(answer, SlurmError.SLURM_SUCCESS);
    Script script = scripts.get(jobId);
    if (script != null) {
      script.abort();
    }
    if (terminating.add(jobId)) {
      end(jobId, true);
    }
  }

  /** Waits for what is starting, ends the script, and waits until it is gone. */
  private void end(JobId jobId, boolean abort) {
    if (starting.containsKey(jobId)) {
      timeline.after(LOOK_AGAIN, process, () -> end(jobId, abort));
      return;
    }
    Script script = scripts.get(jobId);
    if (script != null && !script.isOver()) {
      boolean obeys = chance.perMille(700);
      long last = Math.max(shape.killWaitSeconds(), 5) * Timeline.SECOND;
      long after = abort || obeys ? chance.between(0, Timeline.SECOND) : last;
      timeline.after(after, script.process(), () -> kill(script, abort || !obeys ? 9 : 15));
    }
    awaitGone(jobId, abort);
  }

  private void awaitGone(JobId jobId, boolean abort) {
    Script script = scripts.get(jobId);
    boolean gone = script == null || (abort && script.isOver());
    if (!gone) {
      timeline.after(LOOK_AGAIN, process, () -> awaitGone(jobId, abort));
      return;
    }
    launched.remove(jobId);
    boolean first = revocations.beginExpiry(jobId, timeline.now());
    long epilog = shape.hasEpilog() && first ? chance.between(0, 3 * Timeline.SECOND) : 0;
    timeline.after(epilog, process, () -> cleanedUp(jobId, abort));
  }

  private void cleanedUp(JobId jobId, boolean abort) {
    terminating.remove(jobId);
    auditor.cleaned(name, jobId.value());
    if (!abort) {
      EpilogComplete body =
          EpilogComplete.builder()
              .jobId(jobId)
              .stepId(StepId.builder().jobId(jobId).build())
              .nodeName(name)
              .build();
      // said once, heard or not
      around.report(process, MessageType.MESSAGE_EPILOG_COMPLETE, body, heard -> {});
    }
  }

  private SlurmError signal(SignalTasks asked) {
    JobId jobId = asked.stepId().jobId();
    if (starting.containsKey(jobId)) {
      return SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE;
    }
    return scripts.containsKey(jobId) ? SlurmError.SLURM_SUCCESS : SlurmError.ESLURM_INVALID_JOB_ID;
  }

  // --- what slurmd says ---

  private void registerUntilHeard(Actor life, long again) {
    register(
        life,
        STARTUP,
        heard -> {
          if (!heard) {
            long next = Math.min(again * 2, 128 * Timeline.SECOND);
            timeline.after(again, life, () -> registerUntilHeard(life, next));
          }
        });
  }

  private void register(Actor life, int flags, Consumer<Boolean> heard) {
    List<StepId> steps = new ArrayList<>();
    for (JobId jobId : scripts.keySet()) {
      steps.add(StepId.builder().jobId(jobId).stepId(BATCH_STEP).build());
    }
    NodeRegistrationStatus body =
        NodeRegistrationStatus.builder()
            .nodeName(name)
            .hostname(name)
            .timestamp(clock.now().getEpochSecond())
            .slurmdStartTime(clock.now().getEpochSecond())
            .cpus(shape.cores())
            .boards(1)
            .sockets(1)
            .coresPerSocket(shape.cores())
            .threadsPerCore(1)
            .realMemoryMib(shape.memoryMiB())
            .uptimeSeconds((timeline.now() - bootNanos) / Timeline.SECOND)
            .steps(steps)
            .flags(flags)
            .build();
    around.report(life, MessageType.MESSAGE_NODE_REGISTRATION_STATUS, body, heard);
  }
}
