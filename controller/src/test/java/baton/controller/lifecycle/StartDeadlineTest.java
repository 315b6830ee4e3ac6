package baton.controller.lifecycle;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StartDeadlineTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

  private static Job job(long deadlineSeconds, long limitMinutes, long leastMinutes) {
    JobRequest request =
        JobRequest.builder()
            .deadline(NOW.plusSeconds(deadlineSeconds))
            .timeMinMinutes(leastMinutes)
            .build();
    return Job.builder()
        .request(request)
        .state(JobState.PENDING)
        .priority(1)
        .eligibleTime(NOW)
        .timeLimitMinutes(limitMinutes)
        .build();
  }

  @Test
  void isMissedWhenTheTimeLimitWouldEndAfterIt() {
    assertTrue(StartDeadline.isMissed(job(599, 10, 0), NOW));
    assertFalse(StartDeadline.isMissed(job(600, 10, 0), NOW));
  }

  @Test
  void onlyTheLeastTimeCountsWhereOneIsGiven() {
    assertFalse(StartDeadline.isMissed(job(600, 60, 10), NOW));
    assertTrue(StartDeadline.isMissed(job(599, 60, 10), NOW));
  }

  @Test
  void aHeldJobMissesItOnlyWhenItHasPassed() {
    Job held = job(599, 10, 0).toBuilder().priority(0).eligibleTime(null).build();
    assertFalse(StartDeadline.isMissed(held, NOW));
    assertTrue(StartDeadline.isMissed(held, NOW.plusSeconds(599)));
  }

  @Test
  void withoutADeadlineNothingIsMissed() {
    Job free = job(0, 10, 0);
    Job without =
        free.toBuilder().request(free.request().toBuilder().deadline(null).build()).build();
    assertFalse(StartDeadline.isMissed(without, NOW));
  }
}
