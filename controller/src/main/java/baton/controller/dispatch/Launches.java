package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.LaunchDoubted;
import baton.controller.command.LaunchLost;
import baton.controller.command.LaunchesSending;
import baton.controller.fault.FaultHandler;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.LaunchState;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.protocol.error.SlurmError;
import baton.protocol.message.Identity;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.Reply;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.JobId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launches batch scripts, each at most once (I2). For the dispatcher's thread alone.
 *
 * <p>A launch is marked in the log before its first byte leaves, so that a later leader knows what
 * it cannot know: whether the node has it. Only the leader that marked a launch sends it, and sends
 * it again only as long as it is certain that no byte arrived. A launch of which that is not known
 * is never sent again: the node is asked what it runs, and if the time that a script may need to
 * appear is over and the node then registers without it, the attempt is given up, which fences it
 * on the node (docs/engineer/slurmd-behaviour.md). The log keeps since when there is doubt, so that
 * the time does not begin anew with each leader.
 */
final class Launches {
  private static final Logger LOG = LoggerFactory.getLogger(Launches.class);
  private static final int MAX_UNDER_WAY = 256;
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_BACK_OFF_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long ASK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LAST_WORD_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long PREPARATION_SECONDS = 60;

  /** A message that was given up after MessageTimeout does not come after so many of them. */
  private static final long MESSAGES = 3;

  private static final long NEVER = Long.MAX_VALUE;
  private static final int DEFER_BATCH = 0x20;

  /** Where this leader stands with a launch. */
  private enum Stage {
    /** To be marked. */
    NEW,
    /** The mark is on its way into the log. */
    MARKING,
    /** Marked by this leader and certainly not sent yet. */
    READY,
    /** Sent, not answered. */
    UNDER_WAY,
    /** Nobody knows whether it arrived. */
    UNCERTAIN,
    /** Answered: that is to be told to the log. */
    ANSWERED,
    /** What became of it is on its way into the log. */
    TOLD
  }

  /** One launch that is owed. */
  private static final class Launch {
    private final EffectId effectId;
    private final JobId jobId;
    private final int restartCount;
    private final NodeName node;
    private Stage stage;
    private long dueNanos;
    private long lostNanos;
    private boolean lastCalled;
    private Absence earlier;
    private long heardNanos = NEVER;
    private NodeRegistration shown;
    private int failures;
    private long answer;

    Launch(Effect effect, Stage stage) {
      this.effectId = effect.id();
      this.jobId = effect.jobId();
      this.restartCount = effect.restartCount();
      this.node = effect.nodes().get(0);
      this.stage = stage;
    }
  }

  private final ClusterLog log;
  private final Submitter submitter;
  private final NodeChannel channel;
  private final NodeTargets targets;
  private final IdentitySource identities;
  private final TimeSource time;
  private final Consumer<NodeName> askNode;
  private final FaultHandler faults;
  private final Map<EffectId, Launch> launches = new HashMap<>();
  private final Deque<Launch> fresh = new ArrayDeque<>();
  private final PriorityQueue<Launch> timers =
      new PriorityQueue<>(Comparator.comparingLong(launch -> launch.dueNanos));
  private int underWay;

  Launches(
      ClusterLog log,
      Submitter submitter,
      NodeChannel channel,
      NodeTargets targets,
      IdentitySource identities,
      TimeSource time,
      Consumer<NodeName> askNode,
      FaultHandler faults) {
    this.log = log;
    this.submitter = submitter;
    this.channel = channel;
    this.targets = targets;
    this.identities = identities;
    this.time = time;
    this.askNode = askNode;
    this.faults = faults;
  }

  /** Forgets everything: another leads, or did. */
  void clear() {
    launches.clear();
    fresh.clear();
    timers.clear();
  }

  /** A launch is owed, or owed still. */
  void see(ClusterState state, Effect effect, long now) {
    if (launches.containsKey(effect.id())) {
      return;
    }
    Job job = state.jobs().get(effect.jobId()).orElse(null);
    if (job == null || effect.nodes().isEmpty()) {
      return;
    }
    boolean marked = job.launchState() == LaunchState.SENDING;
    Launch launch = new Launch(effect, marked ? Stage.UNCERTAIN : Stage.NEW);
    launches.put(launch.effectId, launch);
    if (marked) {
      LOG.warn(
          "job {}: another leader was about to launch it on {}; looking for it there",
          launch.jobId,
          launch.node);
      wonder(state, launch, now);
    } else {
      fresh.add(launch);
    }
  }

  /** It is settled. */
  void forget(EffectId id) {
    Launch launch = launches.remove(id);
    if (launch != null) {
      timers.remove(launch);
    }
  }

  Set<EffectId> known() {
    return Set.copyOf(launches.keySet());
  }

  int owed() {
    return launches.size();
  }

  int underWay() {
    return underWay;
  }

  /** When there is something to do next, as nanoseconds of the monotonic clock. */
  OptionalLong nextNanos() {
    return timers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(timers.peek().dueNanos);
  }

  int work(ClusterState state, long now) {
    int done = mark(state, now);
    while (!timers.isEmpty() && timers.peek().dueNanos - now <= 0) {
      Launch launch = timers.poll();
      if (launches.get(launch.effectId) == launch) {
        act(state, launch, now);
        done++;
      }
    }
    return done;
  }

  /** Marks what is new, all in one entry. */
  private int mark(ClusterState state, long now) {
    List<Launch> batch = new ArrayList<>();
    while (!fresh.isEmpty() && batch.size() + underWay < MAX_UNDER_WAY) {
      Launch launch = fresh.poll();
      if (launches.get(launch.effectId) != launch) {
        continue;
      }
      if (mayBeThereStill(state, launch, now)) {
        at(launch, now + Absence.LOOK_NANOS);
      } else {
        launch.stage = Stage.MARKING;
        batch.add(launch);
      }
    }
    if (batch.isEmpty()) {
      return 0;
    }
    LaunchesSending command =
        LaunchesSending.builder()
            .time(log.now())
            .effects(batch.stream().map(launch -> launch.effectId).toList())
            .build();
    underWay += batch.size();
    submitter.submit(command, committed -> marked(batch, committed));
    return batch.size();
  }

  private void marked(List<Launch> batch, boolean committed) {
    long now = time.monotonicNanos();
    for (Launch launch : batch) {
      underWay--;
      if (launches.get(launch.effectId) == launch) {
        // If it is not known whether the mark is in the log, it is certain that nothing was sent.
        launch.stage = committed ? Stage.READY : Stage.NEW;
        at(launch, committed ? now : now + AGAIN_NANOS);
      }
    }
  }

  private void act(ClusterState state, Launch launch, long now) {
    if (launch.stage == Stage.NEW) {
      fresh.add(launch);
      return;
    }
    Job job = state.jobs().get(launch.jobId).orElse(null);
    boolean current =
        job != null
            && job.restartCount() == launch.restartCount
            && JobLifecycle.isRunning(job)
            && job.launchState() == LaunchState.SENDING;
    if (!current) {
      // Settled meanwhile; the change that says so is on its way here.
      return;
    }
    if (launch.stage == Stage.READY) {
      if (underWay >= MAX_UNDER_WAY || isHeldBack(state, job, launch)) {
        at(launch, now + AGAIN_NANOS);
      } else {
        send(state, job, launch, now);
      }
    } else if (launch.stage == Stage.ANSWERED) {
      tell(launch);
    } else if (launch.stage == Stage.UNCERTAIN) {
      look(state, launch, now);
    }
  }

  /** An abort that is owed would revoke this launch; with DeferBatch prologs come first. */
  private static boolean isHeldBack(ClusterState state, Job job, Launch launch) {
    if ((state.config().prologFlags() & DEFER_BATCH) != 0 && !job.prologNodes().isEmpty()) {
      return true;
    }
    for (EffectId id : state.effectsByJob().get(job.id()).orElse(List.of())) {
      Effect other = state.effects().get(id).orElse(null);
      if (other != null
          && other.kind() == EffectKind.ABORT_JOB
          && other.nodes().contains(launch.node)) {
        return true;
      }
    }
    return false;
  }

  /**
   * An earlier run may have left its slurmstepd there, which is still to say how that ended: nobody
   * could tell it from the end of this run once that may have been sent. So the node must have
   * said, since this run was given its nodes, that it is gone.
   */
  private boolean mayBeThereStill(ClusterState state, Launch launch, long now) {
    if (launch.restartCount == 0) {
      return false;
    }
    if (launch.earlier == null) {
      launch.earlier = Absence.ofScript(launch.jobId, launch.node, askNode);
    }
    return !launch.earlier.isTold(state, now);
  }

  private void send(ClusterState state, Job job, Launch launch, long now) {
    Optional<NodeTarget> target = targets.target(state, launch.node);
    if (target.isEmpty()) {
      LOG.warn("job {}: the address of {} cannot be looked up", launch.jobId, launch.node);
      backOff(launch, now);
      return;
    }
    Message message;
    try {
      Identity identity = identities.of(job.request());
      message =
          NodeMessages.batchLaunch(
              state,
              job,
              identity,
              target.get().release(),
              blob(job.request().script()),
              blob(job.request().environment()));
    } catch (IOException e) {
      faults.report("job " + launch.jobId + " cannot be launched now", e);
      backOff(launch, now);
      return;
    }
    launch.stage = Stage.UNDER_WAY;
    underWay++;
    channel.send(
        target.get(), message, (node, outcome) -> submitter.post(() -> answered(launch, outcome)));
  }

  private byte[] blob(BlobId id) throws IOException {
    if (id == null) {
      return new byte[0];
    }
    return log.blob(id).orElseThrow(() -> new IOException("blob " + id + " is not here"));
  }

  private void answered(Launch launch, SendOutcome outcome) {
    underWay--;
    if (launches.get(launch.effectId) != launch) {
      return;
    }
    long now = time.monotonicNanos();
    OptionalLong code = outcome instanceof Reply reply ? reply.returnCode() : OptionalLong.empty();
    if (code.isPresent()) {
      LOG.info("job {}: {} answered its launch with {}", launch.jobId, launch.node, code);
      launch.answer = code.getAsLong();
      tell(launch);
      return;
    }
    LOG.warn("job {}: its launch on {}: {}", launch.jobId, launch.node, outcome);
    if (outcome instanceof SendFailure failure && !failure.reason().mayHaveArrived()) {
      if (failure.reason() == SendFailure.Reason.NOT_ENCODABLE) {
        launch.answer = SlurmError.ESLURM_INTERNAL.wireNumber();
        tell(launch);
        return;
      }
      launch.stage = Stage.READY;
      backOff(launch, now);
      return;
    }
    launch.stage = Stage.UNCERTAIN;
    wonder(log.state(), launch, now);
  }

  /** Starts to look for a sign of the script, or goes on where another leader began. */
  private void wonder(ClusterState state, Launch launch, long now) {
    ClusterConfig config = state.config();
    long seconds = preparationSeconds(config) + MESSAGES * config.messageTimeoutSeconds();
    Instant began = state.jobs().get(launch.jobId).map(Job::launchDoubtTime).orElse(null);
    if (began == null) {
      began = log.now();
      submitter.submit(
          LaunchDoubted.builder().time(began).effectId(launch.effectId).build(), committed -> {});
    }
    long left = Math.max(0, Duration.between(log.now(), began.plusSeconds(seconds)).toNanos());
    launch.lostNanos = now + left;
    launch.lastCalled = false;
    launch.heardNanos = NEVER;
    launch.shown = Absence.lastWord(state, launch.node);
    at(launch, now);
  }

  /** What a script may need on its node before anybody can see it. */
  private static long preparationSeconds(ClusterConfig config) {
    boolean prolog = config.hasProlog() || config.prologFlags() != 0;
    return config.batchStartTimeoutSeconds() + (prolog ? PREPARATION_SECONDS : 0);
  }

  /**
   * Asks the node; when the time is over once more, since its word must be newer than that. A node
   * that was stopped finds the launch in its socket when it goes on: the time that a script needs
   * counts from when the node was heard.
   */
  private void look(ClusterState state, Launch launch, long now) {
    NodeRegistration last = Absence.lastWord(state, launch.node);
    if (launch.heardNanos == NEVER && !Objects.equals(last, launch.shown)) {
      launch.heardNanos = now;
      long seconds = preparationSeconds(state.config());
      launch.lostNanos = Math.max(launch.lostNanos, now + Duration.ofSeconds(seconds).toNanos());
    }
    if (launch.heardNanos == NEVER || launch.lostNanos - now > 0) {
      askNode.accept(launch.node);
      boolean silent = launch.heardNanos == NEVER;
      at(launch, silent ? now + LAST_WORD_NANOS : Math.min(now + ASK_NANOS, launch.lostNanos));
      return;
    }
    if (launch.lastCalled && !Objects.equals(last, launch.shown)) {
      giveUp(launch);
      return;
    }
    if (!launch.lastCalled) {
      launch.lastCalled = true;
      launch.shown = last;
    }
    askNode.accept(launch.node);
    at(launch, now + LAST_WORD_NANOS);
  }

  private void tell(Launch launch) {
    launch.stage = Stage.TOLD;
    BatchLaunchAnswered command =
        BatchLaunchAnswered.builder()
            .time(log.now())
            .effectId(launch.effectId)
            .jobId(launch.jobId)
            .restartCount(launch.restartCount)
            .node(launch.node)
            .returnCode(launch.answer)
            .build();
    submitter.submit(
        command,
        committed -> {
          if (!committed && launches.get(launch.effectId) == launch) {
            launch.stage = Stage.ANSWERED;
            at(launch, time.monotonicNanos() + AGAIN_NANOS);
          }
        });
  }

  private void giveUp(Launch launch) {
    LOG.warn("job {}: no sign of its script on {}; fencing it there", launch.jobId, launch.node);
    launch.stage = Stage.TOLD;
    LaunchLost command = LaunchLost.builder().time(log.now()).effectId(launch.effectId).build();
    submitter.submit(
        command,
        committed -> {
          if (!committed && launches.get(launch.effectId) == launch) {
            launch.stage = Stage.UNCERTAIN;
            at(launch, time.monotonicNanos() + AGAIN_NANOS);
          }
        });
  }

  private void backOff(Launch launch, long now) {
    long wait = AGAIN_NANOS << Math.min(launch.failures, 8);
    launch.failures++;
    at(launch, now + Math.min(wait, LONGEST_BACK_OFF_NANOS));
  }

  private void at(Launch launch, long nanos) {
    launch.dueNanos = nanos;
    timers.add(launch);
  }
}
