package baton.controller.scheduler;

import java.time.Instant;

/**
 * What the scheduler did since its figures were last reset. A plan is both of what slurmctld does
 * in cycles of its own, the main scheduling and the backfill.
 *
 * @param plans plans made
 * @param lastMicros how long the last one took, in microseconds
 * @param mostMicros the longest
 * @param sumMicros all of them
 * @param lastQueue waiting jobs at the last plan
 * @param sumQueue waiting jobs at all plans
 * @param sumExamined jobs that were looked at
 * @param lastExamined jobs that the last plan looked at
 * @param lastTried how often the last plan looked for nodes
 * @param sumTried how often all did
 * @param lastPlan when the last plan was made; null if there was none
 * @param backfilled jobs that were started past others since the figures were reset
 * @param everBackfilled the same since the controller was started
 * @param cutShort plans that ran out of time before the queue's end
 */
public record SchedulingFigures(
    long plans,
    long lastMicros,
    long mostMicros,
    long sumMicros,
    long lastQueue,
    long sumQueue,
    long sumExamined,
    long lastExamined,
    long lastTried,
    long sumTried,
    Instant lastPlan,
    long backfilled,
    long everBackfilled,
    long cutShort) {
  public static final SchedulingFigures NONE =
      new SchedulingFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0, 0);

  /** These figures and one more plan. */
  public SchedulingFigures and(
      Instant now, long micros, long queue, long examined, long tried, int started, boolean whole) {
    return new SchedulingFigures(
        plans + 1,
        micros,
        Math.max(mostMicros, micros),
        sumMicros + micros,
        queue,
        sumQueue + queue,
        sumExamined + examined,
        examined,
        tried,
        sumTried + tried,
        now,
        backfilled + started,
        everBackfilled + started,
        cutShort + (whole ? 0 : 1));
  }

  /** Begun anew; what is told since the start of the controller stays. */
  public SchedulingFigures reset() {
    return new SchedulingFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, lastPlan, 0, everBackfilled, 0);
  }
}
