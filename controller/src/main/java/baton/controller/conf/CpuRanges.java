package baton.controller.conf;

/** Lists of numbers as {@code 0-3,7}. */
final class CpuRanges {
  private CpuRanges() {}

  /** Whether it is such a list and all numbers are below {@code limit}. */
  static boolean valid(String list, int limit) {
    for (String range : list.split(",", -1)) {
      int hyphen = range.indexOf('-');
      int low = number(hyphen < 0 ? range : range.substring(0, hyphen));
      int high = hyphen < 0 ? low : number(range.substring(hyphen + 1));
      if (low < 0 || high < low || high >= limit) {
        return false;
      }
    }
    return true;
  }

  private static int number(String digits) {
    return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : -1;
  }
}
