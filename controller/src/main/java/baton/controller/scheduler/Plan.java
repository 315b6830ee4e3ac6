package baton.controller.scheduler;

import baton.controller.command.ApplyPlan;
import baton.controller.command.JobStart;
import baton.controller.command.JobWait;
import java.time.Instant;
import java.util.List;

/**
 * What the scheduler decided for one snapshot.
 *
 * @param starts jobs that can start now, in the order in which they were chosen
 * @param waits why others wait, where that differs from what the snapshot says
 * @param examined how many waiting jobs were looked at
 * @param tried how often nodes were looked through for a job
 * @param backfilled how many of the starts passed a job that waits
 * @param complete false when the budget ran out before the queue's end
 */
public record Plan(
    List<JobStart> starts,
    List<JobWait> waits,
    int examined,
    int tried,
    boolean complete,
    int backfilled) {
  public Plan {
    starts = List.copyOf(starts);
    waits = List.copyOf(waits);
  }

  /** True when there is nothing to tell the state. */
  public boolean isEmpty() {
    return starts.isEmpty() && waits.isEmpty();
  }

  /** The command that puts the plan before the state. */
  public ApplyPlan toCommand(Instant now) {
    return ApplyPlan.builder().time(now).starts(starts).waits(waits).build();
  }
}
