package baton.protocol.type;

/**
 * A run of hosts within a {@link HostList}: a prefix followed by every number from {@code low} to
 * {@code high}, written with at least {@code width} digits; or, when {@code single}, the one host
 * whose whole name is the prefix.
 *
 * <p>Immutable. {@code 0 <= low <= high < 10^18}; all three numbers are 0 when {@code single}.
 */
record HostRange(String prefix, long low, long high, int width, boolean single)
    implements Comparable<HostRange> {

  /** Digits that a number in a host name may have; beyond it they belong to the prefix. */
  static final int MAX_DIGITS = 18;

  static HostRange single(String host) {
    return new HostRange(host, 0, 0, 0, true);
  }

  /**
   * The range of one host: the digits that end its name are the number, what precedes the prefix.
   */
  static HostRange ofHost(String host) {
    int start = host.length();
    while (start > 0 && isDigit(host.charAt(start - 1))) {
      start--;
    }
    int digits = host.length() - start;
    if (digits == 0 || digits > MAX_DIGITS) {
      return single(host);
    }
    long number = Long.parseLong(host, start, host.length(), 10);
    return new HostRange(host.substring(0, start), number, number, digits, false);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  int count() {
    return (int) (high - low + 1);
  }

  /** The name of the host at {@code index}, 0 to {@code count() - 1}. */
  String host(int index) {
    if (single) {
      return prefix;
    }
    StringBuilder name = new StringBuilder(prefix);
    appendNumber(name, low + index);
    return name.toString();
  }

  /** Appends {@code low} or {@code low-high}, without the prefix. */
  void appendNumbers(StringBuilder to) {
    if (single) {
      return;
    }
    appendNumber(to, low);
    if (low < high) {
      to.append('-');
      appendNumber(to, high);
    }
  }

  private void appendNumber(StringBuilder to, long number) {
    String digits = Long.toString(number);
    for (int i = digits.length(); i < width; i++) {
      to.append('0');
    }
    to.append(digits);
  }

  HostRange withBounds(long newLow, long newHigh) {
    return new HostRange(prefix, newLow, newHigh, width, single);
  }

  HostRange withWidth(int newWidth) {
    return newWidth == width ? this : new HostRange(prefix, low, high, newWidth, single);
  }

  /** Whether both may stand between one pair of brackets. */
  boolean sharesBracketsWith(HostRange other) {
    return !single && !other.single && comparePrefix(other) == 0;
  }

  /** Prefixes by natural order; of equal ones, a host without a number comes first. */
  int comparePrefix(HostRange other) {
    int order = NaturalOrder.compare(prefix, other.prefix);
    return order != 0 ? order : Boolean.compare(other.single, single);
  }

  /**
   * The width with which the first number of both can be written without changing either, or -1 if
   * there is none ({@code n09} and {@code n9} have none, {@code n9} and {@code n10} have 1).
   */
  int commonWidth(HostRange other) {
    if (width == other.width) {
      return width;
    }
    boolean mineKept = padding(low, width) == padding(low, other.width);
    boolean otherKept = padding(other.low, other.width) == padding(other.low, width);
    if (mineKept) {
      return other.width;
    }
    return otherKept ? width : -1;
  }

  private static int padding(long number, int width) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return Math.max(0, width - digits);
  }

  /** By prefix, then by first number if widths agree, else by width: the order of sorted lists. */
  @Override
  public int compareTo(HostRange other) {
    int order = comparePrefix(other);
    if (order != 0) {
      return order;
    }
    return commonWidth(other) >= 0
        ? Long.compare(low, other.low)
        : Integer.compare(width, other.width);
  }
}
