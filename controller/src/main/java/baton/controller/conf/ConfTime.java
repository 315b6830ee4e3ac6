package baton.controller.conf;

import baton.protocol.type.NoVal;

/**
 * Times as Slurm writes them: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
 * days-hours:minutes, days-hours:minutes:seconds; or INFINITE, UNLIMITED, -1.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/parse_time.c.
 */
public final class ConfTime {
  private ConfTime() {}

  /**
   * Seconds, {@link NoVal#INFINITE} for no limit, or {@link NoVal#NO_VAL} if it is no time or more
   * than 31 bits of seconds.
   */
  public static long seconds(String text) {
    if (text == null || text.isEmpty()) {
      return NoVal.NO_VAL;
    }
    if (text.equals("-1")
        || text.equalsIgnoreCase("INFINITE")
        || text.equalsIgnoreCase("UNLIMITED")) {
      return NoVal.INFINITE;
    }
    int hyphen = text.indexOf('-');
    // "2-" means two days.
    String rest = text.endsWith("-") ? "0" : text.substring(hyphen + 1);
    String[] parts = rest.split(":", -1);
    if (parts.length > 3) {
      return NoVal.NO_VAL;
    }
    long days = hyphen < 0 ? 0 : number(text.substring(0, hyphen));
    long[] part = new long[3];
    for (int i = 0; i < parts.length; i++) {
      part[i] = number(parts[i]);
    }
    if (days < 0 || part[0] < 0 || part[1] < 0 || part[2] < 0) {
      return NoVal.NO_VAL;
    }
    boolean hoursFirst = hyphen >= 0 || parts.length == 3;
    long seconds =
        hoursFirst
            ? days * 86_400 + part[0] * 3_600 + part[1] * 60 + part[2]
            : part[0] * 60 + part[1];
    return seconds > Integer.MAX_VALUE ? NoVal.NO_VAL : seconds;
  }

  /** As {@link #seconds}, in minutes, rounded up. */
  public static long minutes(String text) {
    long seconds = seconds(text);
    return seconds == NoVal.INFINITE || seconds == NoVal.NO_VAL ? seconds : (seconds + 59) / 60;
  }

  private static long number(String digits) {
    if (digits.isEmpty() || digits.length() > 10) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(digits);
  }
}
