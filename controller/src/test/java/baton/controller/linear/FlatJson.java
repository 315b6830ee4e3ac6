package baton.controller.linear;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a history: a JSON object of texts and whole numbers, nothing inside anything. Texts
 * have no escapes but {@code \"} and {@code \\}.
 */
final class FlatJson {
  private static final Pattern MEMBER =
      Pattern.compile(
          "\\s*\"([a-z]+)\"\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"|(-?[0-9]{1,18}))\\s*");

  private final Map<String, String> members = new LinkedHashMap<>();

  private FlatJson() {}

  /** Throws {@link HistoryFormatException} when it is something else. */
  static FlatJson parse(String line) throws HistoryFormatException {
    String text = line.strip();
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw new HistoryFormatException("not a JSON object");
    }
    FlatJson object = new FlatJson();
    Matcher member = MEMBER.matcher(text).region(1, text.length() - 1);
    int from = 1;
    while (member.lookingAt()) {
      String value =
          member.group(3) != null
              ? member.group(3)
              : member.group(2).replaceAll("\\\\([\"\\\\])", "$1");
      if (object.members.put(member.group(1), value) != null) {
        throw new HistoryFormatException(member.group(1) + " twice");
      }
      from = member.end();
      if (from == text.length() - 1) {
        return object;
      }
      if (text.charAt(from) != ',') {
        break;
      }
      member.region(from + 1, text.length() - 1);
    }
    throw new HistoryFormatException("not understood from column " + (from + 1));
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  String text(String name) throws HistoryFormatException {
    String value = members.get(name);
    if (value == null) {
      throw new HistoryFormatException(name + " is missing");
    }
    return value;
  }

  long number(String name) throws HistoryFormatException {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException notANumber) {
      throw new HistoryFormatException(name + " is not a number");
    }
  }
}
