package baton.controller.model;

/** What is owed: to nodes, to a waiting srun or salloc, or to be run by the leader itself. */
public enum EffectKind {
  /** REQUEST_BATCH_JOB_LAUNCH to the batch host. */
  LAUNCH_BATCH(1),
  /** REQUEST_LAUNCH_PROLOG to each node. */
  LAUNCH_PROLOG(2),
  /** REQUEST_TERMINATE_JOB to each node, until its epilog is complete. */
  TERMINATE_JOB(3),
  /** REQUEST_KILL_TIMELIMIT to each node. */
  KILL_TIME_LIMIT(4),
  /** REQUEST_ABORT_JOB to a node that runs what the cluster does not know. */
  ABORT_JOB(5),
  /** REQUEST_SIGNAL_TASKS to each node, or to the batch host. */
  SIGNAL_JOB(6),
  /** REQUEST_SUSPEND_INT, stop. */
  SUSPEND_JOB(7),
  /** REQUEST_SUSPEND_INT, go on. */
  RESUME_JOB(8),
  /** REQUEST_JOB_NOTIFY to the batch host. */
  NOTIFY_JOB(9),
  /** REQUEST_RECONFIGURE to each node. */
  RECONFIGURE(10),
  /** REQUEST_REBOOT_NODES. */
  REBOOT(11),
  /** REQUEST_KILL_PREEMPTED to each node. */
  KILL_PREEMPTED(12),
  /** REQUEST_NODE_REGISTRATION_STATUS to each node. */
  REGISTER(13),
  /** REQUEST_KILL_TIMELIMIT for a step, to each of its nodes. */
  KILL_STEP_TIME_LIMIT(14),
  /** REQUEST_TERMINATE_TASKS for a step. */
  TERMINATE_STEP(15),
  /** PrologSlurmctld, run by the leader before anything is launched. */
  RUN_PROLOG(17),
  /** EpilogSlurmctld, run by the leader once the job has ended. */
  RUN_EPILOG(18),
  /** MailProg, run by the leader. */
  SEND_MAIL(19),
  /** RESPONSE_RESOURCE_ALLOCATION to who waits for an allocation. */
  GRANT_ALLOCATION(20),
  /** SRUN_JOB_COMPLETE: the job, or the step, is over. */
  CLIENT_JOB_COMPLETE(21),
  /** SRUN_TIMEOUT: the job's time will be up. */
  CLIENT_TIMEOUT(22),
  /** SRUN_NODE_FAIL. */
  CLIENT_NODE_FAIL(23),
  /** SRUN_USER_MSG. */
  CLIENT_MESSAGE(24),
  /** SRUN_REQUEST_SUSPEND, stopped. */
  CLIENT_SUSPEND(25),
  /** SRUN_REQUEST_SUSPEND, going on. */
  CLIENT_RESUME(26),
  /** SRUN_STEP_SIGNAL: a signal for a step, or 0 to try again to make one. */
  CLIENT_STEP_SIGNAL(27),
  /** SRUN_STEP_MISSING: a node does not know the step. */
  CLIENT_STEP_MISSING(40);

  private static final long FIRST_OF_CLIENTS = 20;

  private static final EffectKind[] VALUES = values();

  private final long value;

  EffectKind(long value) {
    this.value = value;
  }

  /** The number that Slurm, or the log, knows it by. */
  public long value() {
    return value;
  }

  /** True for what is owed to a waiting srun or salloc, which outlives the job. */
  public boolean isToClient() {
    return value >= FIRST_OF_CLIENTS;
  }

  /**
   * The constant of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EffectKind of(long value) {
    for (EffectKind candidate : VALUES) {
      if (candidate.value == value) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no EffectKind has the number " + value);
  }
}
