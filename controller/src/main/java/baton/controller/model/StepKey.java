package baton.controller.model;

import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;

/**
 * Names a step among all of the cluster. Steps of one job stand together: those without a number
 * first, then the numbered in order, then those that wait.
 *
 * @param jobId the job
 * @param stepId the step's number, or one of Slurm's for steps without
 * @param hetComponent component of a heterogeneous step, or NO_VAL
 * @param waiter process id of an srun that waits for a step; else 0
 */
public record StepKey(JobId jobId, long stepId, long hetComponent, long waiter)
    implements Comparable<StepKey> {
  private static final long LOWEST_WITHOUT_NUMBER = 0xfffffff0L;

  /** A step that is no part of a heterogeneous one. */
  public static StepKey of(JobId jobId, long stepId) {
    return new StepKey(jobId, stepId, NoVal.NO_VAL, 0);
  }

  public static StepKey of(Step step) {
    return new StepKey(step.jobId(), step.stepId(), step.hetComponent(), step.waiter());
  }

  /** Not above any step of the job. */
  static StepKey firstOf(JobId jobId) {
    return new StepKey(jobId, LOWEST_WITHOUT_NUMBER, 0, 0);
  }

  @Override
  public int compareTo(StepKey other) {
    int order = jobId.compareTo(other.jobId);
    if (order == 0) {
      order = Long.compare(rank(), other.rank());
    }
    if (order == 0) {
      order = Long.compare(hetComponent, other.hetComponent);
    }
    return order == 0 ? Long.compare(waiter, other.waiter) : order;
  }

  private long rank() {
    boolean pending = stepId == baton.protocol.type.StepId.PENDING.value();
    return stepId < LOWEST_WITHOUT_NUMBER || pending ? stepId : stepId - (1L << 32);
  }
}
