package baton.protocol.type;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one host list expression. Items are parted by commas, blanks and line ends; within an item
 * each pair of brackets holds numbers and ranges.
 *
 * <p>With several brackets the last one becomes ranges, and the others multiply the names before
 * it. Slurm's order of these is the second-last bracket outermost and the first innermost; clients
 * see it, so it is kept.
 */
final class HostListParser {
  private static final String SEPARATORS = "\t, \n";
  private static final int QUOTED_LENGTH = 60;

  private final String text;
  private final HostList.Gatherer gatherer = new HostList.Gatherer();

  HostListParser(String text) {
    this.text = text;
  }

  /** The numbers between one pair of brackets, one after the other. */
  private record Numbers(long low, long high, int width) {}

  List<HostRange> parse() throws HostListException {
    if (text.length() > HostList.MAX_EXPRESSION) {
      throw new HostListException("host list of " + text.length() + " characters is too long");
    }
    int start = 0;
    while (start < text.length()) {
      if (SEPARATORS.indexOf(text.charAt(start)) >= 0) {
        start++;
        continue;
      }
      int end = endOfItem(start);
      addItem(text.substring(start, end));
      start = end;
    }
    return gatherer.ranges;
  }

  private int endOfItem(int start) throws HostListException {
    boolean inside = false;
    int end = start;
    for (; end < text.length(); end++) {
      char c = text.charAt(end);
      if (!inside && SEPARATORS.indexOf(c) >= 0) {
        break;
      }
      if (c < ' ' && c != '\t' && c != '\n') {
        throw wrong("control character in host list", text.substring(start, end));
      }
      if (c == '[' || c == ']') {
        if (inside == (c == '[')) {
          throw wrong("unbalanced brackets in host list", text.substring(start, end + 1));
        }
        inside = !inside;
      }
    }
    if (inside) {
      throw wrong("'[' without ']' in host list", text.substring(start, end));
    }
    return end;
  }

  private void addItem(String item) throws HostListException {
    List<String> literals = new ArrayList<>();
    List<List<Numbers>> brackets = new ArrayList<>();
    int start = 0;
    for (int open = item.indexOf('['); open >= 0; open = item.indexOf('[', start)) {
      int close = item.indexOf(']', open);
      literals.add(item.substring(start, open));
      brackets.add(numbers(item.substring(open + 1, close)));
      start = close + 1;
    }
    if (brackets.isEmpty()) {
      add(HostRange.ofHost(item), item);
      return;
    }
    String suffix = item.substring(start);
    int last = brackets.size() - 1;
    checkSize(brackets, item);
    multiply(literals, brackets, last - 1, literals.get(last), suffix, item);
  }

  /** Refuses before expansion, so that brackets that multiply cost nothing. */
  private static void checkSize(List<List<Numbers>> brackets, String item)
      throws HostListException {
    long hosts = 1;
    for (List<Numbers> bracket : brackets) {
      long count = 0;
      for (Numbers n : bracket) {
        count += n.high - n.low + 1;
      }
      hosts *= count;
      if (hosts > HostList.MAX_HOSTS) {
        throw tooMany(item);
      }
    }
  }

  /**
   * Puts the numbers of bracket {@code index}, and of those before it, in front of {@code tail},
   * which is everything between that bracket and the last one.
   */
  private void multiply(
      List<String> literals,
      List<List<Numbers>> brackets,
      int index,
      String tail,
      String suffix,
      String item)
      throws HostListException {
    if (index < 0) {
      addRanges(tail, brackets.get(brackets.size() - 1), suffix, item);
      return;
    }
    for (Numbers n : brackets.get(index)) {
      HostRange numbers = new HostRange("", n.low, n.high, n.width, false);
      for (int i = 0; i < numbers.count(); i++) {
        String longer = literals.get(index) + numbers.host(i) + tail;
        multiply(literals, brackets, index - 1, longer, suffix, item);
      }
    }
  }

  private void addRanges(String prefix, List<Numbers> numbers, String suffix, String item)
      throws HostListException {
    for (Numbers n : numbers) {
      HostRange range = new HostRange(prefix, n.low, n.high, n.width, false);
      if (suffix.isEmpty()) {
        add(range, item);
        continue;
      }
      for (int i = 0; i < range.count(); i++) {
        add(HostRange.single(range.host(i) + suffix), item);
      }
    }
  }

  private void add(HostRange range, String item) throws HostListException {
    if (!gatherer.add(range)) {
      throw tooMany(item);
    }
  }

  private static List<Numbers> numbers(String bracket) throws HostListException {
    List<Numbers> numbers = new ArrayList<>();
    int start = 0;
    while (true) {
      int comma = bracket.indexOf(',', start);
      numbers.add(range(bracket.substring(start, comma < 0 ? bracket.length() : comma)));
      if (comma < 0) {
        return numbers;
      }
      start = comma + 1;
    }
  }

  /** One number, or two with a hyphen; blanks before a number count towards its width. */
  private static Numbers range(String range) throws HostListException {
    int hyphen = range.indexOf('-');
    String first = hyphen < 0 ? range : range.substring(0, hyphen);
    long low = number(first, range);
    // "5-" means 5 in Slurm.
    boolean open = hyphen < 0 || hyphen == range.length() - 1;
    long high = open ? low : number(range.substring(hyphen + 1), range);
    if (low > high) {
      throw wrong("range runs backwards in host list", range);
    }
    if (high - low >= HostList.MAX_RANGE) {
      throw wrong("too many hosts in one range (at most " + HostList.MAX_RANGE + ")", range);
    }
    return new Numbers(low, high, first.length());
  }

  private static long number(String digits, String range) throws HostListException {
    int start = 0;
    while (start < digits.length() && SEPARATORS.indexOf(digits.charAt(start)) >= 0) {
      start++;
    }
    for (int i = start; i < digits.length(); i++) {
      if (!HostRange.isDigit(digits.charAt(i))) {
        throw wrong("invalid range in host list", range);
      }
    }
    if (start == digits.length() || digits.length() > HostRange.MAX_DIGITS) {
      throw wrong("invalid range in host list", range);
    }
    return Long.parseLong(digits, start, digits.length(), 10);
  }

  private static HostListException tooMany(String item) {
    return wrong("host list of more than " + HostList.MAX_HOSTS + " hosts", item);
  }

  private static HostListException wrong(String what, String part) {
    String quoted = part.length() > QUOTED_LENGTH ? part.substring(0, QUOTED_LENGTH) + "..." : part;
    return new HostListException(what + ": \"" + quoted + "\"");
  }
}
