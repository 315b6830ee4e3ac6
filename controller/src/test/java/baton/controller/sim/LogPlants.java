package baton.controller.sim;

import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.command.Command;
import baton.controller.command.LaunchesSending;
import baton.controller.command.SubmitJob;
import baton.controller.journal.ClusterLog;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.Job;
import baton.controller.model.LaunchState;
import baton.controller.replication.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Bugs between the log and those who use it. */
final class LogPlants {
  private LogPlants() {}

  /** What a leader would answer is answered before it is in the log of anybody. */
  static final class AcknowledgedBeforeCommit implements Plant {
    @Override
    public CompletionStage<Submission<Reply>> propose(ControllerLife life, Command command) {
      CompletionStage<Submission<Reply>> sound = life.propose(command);
      if (!(command instanceof SubmitJob) || !life.isLeader()) {
        return sound;
      }
      Reply reply = StateMachine.apply(life.state(), command).reply();
      return CompletableFuture.completedStage(
          new Submission.Committed<>(life.published().position(), reply));
    }
  }

  /** Who has led once goes on to send what its state owes, and takes its marks for committed. */
  static final class DeposedLeaderLaunches implements Plant {
    @Override
    public ClusterLog log(ControllerLife life) {
      return new Stubborn(life);
    }
  }

  /** A log that believes that this controller leads for good. */
  private static final class Stubborn implements ClusterLog {
    private final ControllerLife life;
    private boolean hasLed;
    private ClusterState marked;

    Stubborn(ControllerLife life) {
      this.life = life;
    }

    @Override
    public CompletionStage<Submission<Reply>> submit(Command command) {
      if (life.isLeader() || !(command instanceof LaunchesSending sending)) {
        return life.submit(command);
      }
      marked = mark(life.state(), sending);
      return CompletableFuture.completedStage(
          new Submission.Committed<>(life.published().position(), Reply.ACCEPTED));
    }

    private static ClusterState mark(ClusterState state, LaunchesSending sending) {
      ClusterState next = StateMachine.apply(state, sending).next();
      for (EffectId id : sending.effects()) {
        Effect effect = next.effects().get(id).orElse(null);
        Job job = effect == null ? null : next.jobs().get(effect.jobId()).orElse(null);
        if (job == null || job.launchState() != LaunchState.SENDING) {
          return state;
        }
      }
      return next;
    }

    @Override
    public CompletionStage<Submission<Reply>> propose(Command command, Duration patience) {
      return life.propose(command, patience);
    }

    @Override
    public ClusterState state() {
      return marked != null && !life.isLeader() ? marked : life.state();
    }

    @Override
    public boolean isLeader() {
      hasLed |= life.isLeader();
      return hasLed;
    }

    @Override
    public boolean mayAct(Runnable then) {
      return isLeader();
    }

    @Override
    public Instant now() {
      return life.now();
    }

    @Override
    public Optional<byte[]> blob(BlobId id) {
      return life.blob(id);
    }
  }
}
