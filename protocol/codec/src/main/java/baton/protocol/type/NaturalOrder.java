package baton.protocol.type;

/**
 * The order of host name prefixes in sorted host lists: character by character, but runs of digits
 * compare as numbers; runs of which either begins with 0 compare as fractions, digit by digit.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/strnatcmp.c.
 */
final class NaturalOrder {
  private NaturalOrder() {}

  static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (true) {
      char x = at(a, i);
      char y = at(b, j);
      if (HostRange.isDigit(x) && HostRange.isDigit(y)) {
        int order = x == '0' || y == '0' ? compareFraction(a, i, b, j) : compareNumber(a, i, b, j);
        if (order != 0) {
          return order;
        }
      }
      if (x != y) {
        return Character.compare(x, y);
      }
      if (x == 0) {
        return 0;
      }
      i++;
      j++;
    }
  }

  /** The longer run is the greater number; of equal lengths the first difference decides. */
  private static int compareNumber(String a, int i, String b, int j) {
    int difference = 0;
    for (int k = 0; ; k++) {
      char x = at(a, i + k);
      char y = at(b, j + k);
      boolean more = HostRange.isDigit(x);
      if (more != HostRange.isDigit(y)) {
        return more ? 1 : -1;
      }
      if (!more) {
        return difference;
      }
      if (difference == 0) {
        difference = Character.compare(x, y);
      }
    }
  }

  private static int compareFraction(String a, int i, String b, int j) {
    for (int k = 0; ; k++) {
      char x = at(a, i + k);
      char y = at(b, j + k);
      boolean more = HostRange.isDigit(x);
      if (more != HostRange.isDigit(y)) {
        return more ? 1 : -1;
      }
      if (!more) {
        return 0;
      }
      if (x != y) {
        return Character.compare(x, y);
      }
    }
  }

  /** The character at an index, NUL beyond the end; expressions hold no control characters. */
  private static char at(String s, int index) {
    return index < s.length() ? s.charAt(index) : 0;
  }
}
