package baton.controller.query;

import baton.controller.model.CronSchedule;
import baton.protocol.message.CronEntry;
import baton.protocol.type.BitString;
import java.util.Optional;

/** The times of a line of scrontab as scrontab sends, and slurmctld saves, them. */
public final class CronEntries {
  private static final int MINUTE_BITS = 61;
  private static final int HOUR_BITS = 25;
  private static final int DAY_OF_MONTH_BITS = 32;
  private static final int MONTH_BITS = 13;
  private static final int DAY_OF_WEEK_BITS = 8;

  private CronEntries() {}

  /** The schedule; empty for an entry that is not set, or whose fields have other sizes. */
  public static Optional<CronSchedule> schedule(CronEntry entry) {
    boolean whole =
        entry.set()
            && isOfSize(entry.minutes(), MINUTE_BITS)
            && isOfSize(entry.hours(), HOUR_BITS)
            && isOfSize(entry.daysOfMonth(), DAY_OF_MONTH_BITS)
            && isOfSize(entry.months(), MONTH_BITS)
            && isOfSize(entry.daysOfWeek(), DAY_OF_WEEK_BITS);
    if (!whole) {
      return Optional.empty();
    }
    return Optional.of(
        CronSchedule.builder()
            .stars(entry.flags())
            .minutes(bits(entry.minutes(), 0, MINUTE_BITS - 2))
            .hours(bits(entry.hours(), 0, HOUR_BITS - 2))
            .daysOfMonth(bits(entry.daysOfMonth(), 1, DAY_OF_MONTH_BITS - 1))
            .months((int) bits(entry.months(), 1, MONTH_BITS - 1))
            .daysOfWeek((int) bits(entry.daysOfWeek(), 0, DAY_OF_WEEK_BITS - 2))
            .lineStart(entry.lineStart())
            .lineEnd(entry.lineEnd())
            .build());
  }

  private static boolean isOfSize(BitString set, int size) {
    return set != null && set.size() == size;
  }

  /** Bits outside of what the field can mean may be set for a star; they mean nothing. */
  private static long bits(BitString set, int lowest, int highest) {
    return set.indices()
        .filter(bit -> bit >= lowest && bit <= highest)
        .mapToLong(bit -> 1L << bit)
        .sum();
  }
}
