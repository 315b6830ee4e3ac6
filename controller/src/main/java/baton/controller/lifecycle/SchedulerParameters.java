package baton.controller.lifecycle;

import baton.controller.model.ClusterConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What of SchedulerParameters the scheduler goes by; docs/reference/scheduler-parameters.md has all
 * of them, and why the others are not needed.
 *
 * @param backfillMaxJobs bf_max_job_test: waiting jobs that a plan finds a place for
 * @param backfillWindow bf_window: how far a plan looks ahead
 * @param backfillMaxJobsOfUser bf_max_job_user; 0 for no limit
 * @param backfillMaxJobsOfPartition bf_max_job_part; 0 for no limit
 * @param backfillMaxStarts bf_max_job_start; 0 for no limit
 */
public record SchedulerParameters(
    int backfillMaxJobs,
    Duration backfillWindow,
    int backfillMaxJobsOfUser,
    int backfillMaxJobsOfPartition,
    int backfillMaxStarts) {
  private static final int MAX_JOBS = 500;
  private static final int DAY_MINUTES = 24 * 60;
  private static final int MONTH_MINUTES = 30 * DAY_MINUTES;
  private static final int MANY = 1_000_000;

  /** Reads them; what is out of Slurm's bounds has its default. */
  public static SchedulerParameters of(ClusterConfig config) {
    Map<String, String> given = new HashMap<>();
    String text = config.schedulerParameters() == null ? "" : config.schedulerParameters();
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals > 0) {
        given.put(
            item.substring(0, equals).trim().toLowerCase(Locale.ROOT),
            item.substring(equals + 1).trim());
      }
    }
    return new SchedulerParameters(
        number(given, "bf_max_job_test", MAX_JOBS, 1, MANY),
        Duration.ofMinutes(number(given, "bf_window", DAY_MINUTES, 1, MONTH_MINUTES)),
        number(given, "bf_max_job_user", 0, 0, MANY),
        number(given, "bf_max_job_part", 0, 0, MANY),
        number(given, "bf_max_job_start", 0, 0, MANY));
  }

  private static int number(
      Map<String, String> given, String name, int otherwise, int least, int most) {
    String text = given.get(name);
    if (text == null || !text.matches("[0-9]{1,9}")) {
      return otherwise;
    }
    int number = Integer.parseInt(text);
    return number < least || number > most ? otherwise : number;
  }
}
