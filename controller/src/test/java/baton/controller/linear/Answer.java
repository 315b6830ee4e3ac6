package baton.controller.linear;

/**
 * What a controller answered to a request that changes something.
 *
 * @param code Slurm's error number; 0 when it was done
 */
record Answer(int code) {
  static final Answer DONE = new Answer(0);

  /** ESLURM_INVALID_JOB_ID: there is no such job. */
  static final Answer NO_SUCH_JOB = new Answer(2017);

  /** ESLURM_ALREADY_DONE: it cannot be cancelled, for it has ended. */
  static final Answer ENDED = new Answer(2021);

  /** ESLURM_JOB_HELD: a held job is given no priority. */
  static final Answer HELD = new Answer(2042);

  /** ESLURM_JOB_FINISHED: it cannot be changed, for it has ended. */
  static final Answer FINISHED = new Answer(2084);

  /** Whether the answer says something about the job, and not about who was asked. */
  boolean isAboutTheJob() {
    return equals(DONE) || equals(NO_SUCH_JOB) || equals(ENDED) || equals(HELD) || equals(FINISHED);
  }

  @Override
  public String toString() {
    return code == 0 ? "done" : "refused with " + code;
  }
}
