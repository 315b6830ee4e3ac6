package baton.controller.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.model.CronSchedule;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the lines of scrontab run. */
class CronTest {
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  /** {@code minute hour day month weekday}, each a star or numbers and ranges. */
  private static CronSchedule schedule(String text) {
    String[] fields = text.split(" ", -1);
    int stars = 0;
    long[] bits = new long[5];
    for (int i = 0; i < 5; i++) {
      if (fields[i].equals("*")) {
        stars |= 1 << (i + 1);
        continue;
      }
      for (String item : fields[i].split(",", -1)) {
        String[] ends = item.split("-", -1);
        for (int n = Integer.parseInt(ends[0]); n <= Integer.parseInt(ends[ends.length - 1]); n++) {
          bits[i] |= 1L << n;
        }
      }
    }
    return CronSchedule.builder()
        .stars(stars)
        .minutes(bits[0])
        .hours(bits[1])
        .daysOfMonth(bits[2])
        .months((int) bits[3])
        .daysOfWeek((int) bits[4])
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    // always the next minute at the earliest
    "'* * * * *', 2026-11-22T10:15:00, 2026-11-22T10:16",
    "'* * * * *', 2026-11-22T10:15:59, 2026-11-22T10:16",
    "'15 * * * *', 2026-11-22T10:15:30, 2026-11-22T11:15",
    "'0,30 * * * *', 2026-11-22T10:15:30, 2026-11-22T10:30",
    "'5 4 * * *', 2026-11-22T10:15:30, 2026-11-23T04:05",
    "'0 0 1 * *', 2026-12-31T23:59:10, 2027-01-01T00:00",
    "'0 12 31 * *', 2026-11-22T10:00:00, 2026-12-31T12:00",
    // Sunday is 0
    "'0 9 * * 0', 2026-11-22T08:59:59, 2026-11-22T09:00",
    "'0 9 * * 1-5', 2026-11-22T10:00:00, 2026-11-23T09:00",
    // a day of the month and one of the week: whichever comes first
    "'0 0 13 * 5', 2026-11-22T10:00:00, 2026-11-27T00:00",
    "'0 0 24 * 5', 2026-11-22T10:00:00, 2026-11-24T00:00",
    "'0 0 29 2 *', 2026-11-22T10:00:00, 2028-02-29T00:00",
    "'59 23 31 12 *', 2026-12-31T23:58:01, 2026-12-31T23:59",
    // a clock that goes forward has no half past two
    "'30 2 28 3 *', 2027-03-27T10:00:00, 2027-03-28T03:30",
  })
  void theNextTime(String text, LocalDateTime now, LocalDateTime expected) {
    assertEquals(
        Optional.of(expected.atZone(ZONE).toInstant()),
        Cron.next(schedule(text), now.atZone(ZONE).toInstant(), ZONE));
  }

  @Test
  void whatNeverComesIsInvalid() {
    assertFalse(Cron.isValid(schedule("0 0 30 2 *")));
    assertFalse(Cron.isValid(schedule("0 0 31 4,6 *")));
    assertTrue(Cron.isValid(schedule("0 0 29 2 *")));
    assertTrue(Cron.isValid(schedule("0 0 31 4,7 *")));
    assertFalse(Cron.isValid(CronSchedule.builder().stars(0b11110 << 1).build()));
    assertTrue(Cron.isValid(schedule("* * * * *")));
  }

  @Test
  void theTextIsWrittenAnew() {
    assertEquals("0-3,30 * 1 2-3 *", Cron.specification(schedule("0,1,2,3,30 * 1 2,3 *")));
    assertEquals("59 23 31 12 0-6", Cron.specification(schedule("59 23 31 12 0-6")));
  }
}
