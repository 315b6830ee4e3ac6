package baton.controller.rpc;

import baton.controller.model.Job;
import baton.controller.scheduler.SchedulingFigures;
import baton.protocol.error.SlurmError;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What an administrator may ask of the controller itself. Any thread. */
public interface Administration {
  /**
   * Reads the configuration files again and puts them in force, as {@code scontrol reconfigure} and
   * SIGHUP do.
   *
   * @return SLURM_SUCCESS, or the error that the administrator is told
   */
  CompletionStage<SlurmError> reconfigure();

  /** Ends this controller in order, after the answer is on its way; returns at once. */
  void shutdown();

  /**
   * Lets this controller lead, as {@code scontrol takeover} asks; one that leads has nothing to do.
   *
   * @return SLURM_SUCCESS, or the error that the administrator is told
   */
  CompletionStage<SlurmError> takeOver();

  /** What the scheduler did, for sdiag. */
  SchedulingFigures scheduling();

  /** Lets the scheduler's figures begin anew. */
  void resetScheduling();

  /**
   * Passes a question on to the controller that leads.
   *
   * @return its answer, which fails when there is none soon; empty when this one leads, or none
   */
  Optional<CompletionStage<byte[]>> askLeader(byte[] question);

  /**
   * A node says that a launch failed which may be an older one than the job's present one: it is
   * asked what it runs once the present one must be seen there. Returns at once.
   */
  void doubtLaunch(Job job);
}
