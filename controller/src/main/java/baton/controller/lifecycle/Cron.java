package baton.controller.lifecycle;

import baton.controller.model.ClusterConfig;
import baton.controller.model.CronSchedule;
import baton.controller.model.Parameter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** The times of scrontab's lines, by slurmctld's rules. */
public final class Cron {
  private static final int MINUTE_STAR = 1 << 1;
  private static final int HOUR_STAR = 1 << 2;
  private static final int DAY_OF_MONTH_STAR = 1 << 3;
  private static final int MONTH_STAR = 1 << 4;
  private static final int DAY_OF_WEEK_STAR = 1 << 5;

  /** The 29th of February comes again within eight years, also around a year like 2100. */
  private static final int MAX_DAYS_AHEAD = 8 * 366 + 1;

  private Cron() {}

  /** True if ScronParameters says {@code enable}. */
  public static boolean isEnabled(ClusterConfig config) {
    return parameters(config).contains("enable");
  }

  /** True if scancel must name a cron job as one (ScronParameters=explicit_scancel). */
  public static boolean wantsExplicitCancel(ClusterConfig config) {
    return parameters(config).contains("explicit_scancel");
  }

  private static String parameters(ClusterConfig config) {
    for (Parameter parameter : config.parameters()) {
      if (parameter.name().equalsIgnoreCase("ScronParameters") && parameter.value() != null) {
        return parameter.value().toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  /** True if the schedule ever comes: no empty field, and no day that none of its months has. */
  public static boolean isValid(CronSchedule schedule) {
    boolean anyDay = isStar(schedule, DAY_OF_MONTH_STAR);
    boolean anyMonth = isStar(schedule, MONTH_STAR);
    boolean complete =
        (isStar(schedule, MINUTE_STAR) || schedule.minutes() != 0)
            && (isStar(schedule, HOUR_STAR) || schedule.hours() != 0)
            && (anyDay || schedule.daysOfMonth() != 0)
            && (anyMonth || schedule.months() != 0)
            && (isStar(schedule, DAY_OF_WEEK_STAR) || schedule.daysOfWeek() != 0);
    if (!complete || anyDay || anyMonth) {
      return complete;
    }
    int firstDay = Long.numberOfTrailingZeros(schedule.daysOfMonth());
    for (int month = 1; month <= 12; month++) {
      int longest = LocalDate.of(2000, month, 1).lengthOfMonth();
      if (isSet(schedule.months(), month) && firstDay <= longest) {
        return true;
      }
    }
    return false;
  }

  /**
   * The first time of a valid schedule in a minute after {@code now}; empty if it never comes.
   *
   * @param zone whose wall clock the schedule means
   */
  public static Optional<Instant> next(CronSchedule schedule, Instant now, ZoneId zone) {
    LocalDateTime at =
        LocalDateTime.ofInstant(now, zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    LocalDate last = at.toLocalDate().plusDays(MAX_DAYS_AHEAD);
    while (!at.toLocalDate().isAfter(last)) {
      if (!isStar(schedule, MONTH_STAR) && !isSet(schedule.months(), at.getMonthValue())) {
        at = at.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay();
      } else if (!isDay(schedule, at.toLocalDate())) {
        at = at.toLocalDate().plusDays(1).atStartOfDay();
      } else if (!isStar(schedule, HOUR_STAR) && !isSet(schedule.hours(), at.getHour())) {
        at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!isStar(schedule, MINUTE_STAR) && !isSet(schedule.minutes(), at.getMinute())) {
        at = at.plusMinutes(1);
      } else {
        return Optional.of(at.atZone(zone).toInstant());
      }
    }
    return Optional.empty();
  }

  /** A day of the month and one of the week together mean either. */
  private static boolean isDay(CronSchedule schedule, LocalDate day) {
    boolean anyOfMonth = isStar(schedule, DAY_OF_MONTH_STAR);
    boolean anyOfWeek = isStar(schedule, DAY_OF_WEEK_STAR);
    boolean ofMonth = isSet(schedule.daysOfMonth(), day.getDayOfMonth());
    boolean ofWeek = isSet(schedule.daysOfWeek(), day.getDayOfWeek().getValue() % 7);
    if (anyOfMonth || anyOfWeek) {
      return (anyOfMonth || ofMonth) && (anyOfWeek || ofWeek);
    }
    return ofMonth || ofWeek;
  }

  /** The schedule as text, as slurmctld writes it anew: {@code 0-5,30 * * 1 *}. */
  public static String specification(CronSchedule schedule) {
    return String.join(
        " ",
        field(schedule, MINUTE_STAR, schedule.minutes()),
        field(schedule, HOUR_STAR, schedule.hours()),
        field(schedule, DAY_OF_MONTH_STAR, schedule.daysOfMonth()),
        field(schedule, MONTH_STAR, schedule.months()),
        field(schedule, DAY_OF_WEEK_STAR, schedule.daysOfWeek()));
  }

  private static String field(CronSchedule schedule, int star, long bits) {
    if (isStar(schedule, star)) {
      return "*";
    }
    StringBuilder text = new StringBuilder();
    for (int first = 0; first < Long.SIZE; first++) {
      if (!isSet(bits, first)) {
        continue;
      }
      int last = first;
      while (last + 1 < Long.SIZE && isSet(bits, last + 1)) {
        last++;
      }
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (last > first) {
        text.append('-').append(last);
      }
      first = last;
    }
    return text.toString();
  }

  private static boolean isStar(CronSchedule schedule, int star) {
    return (schedule.stars() & star) != 0;
  }

  private static boolean isSet(long bits, int bit) {
    return (bits >> bit & 1) != 0;
  }
}
