package baton.controller.conf;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line with several keys, such as NodeName or PartitionName, with what the DEFAULT lines before
 * it say.
 *
 * @param section which kind
 * @param name value of its first key
 * @param own its other keys, lower case
 * @param defaults keys of the DEFAULT lines, lower case
 * @param line where it stands
 */
record ConfEntry(
    ConfSection section,
    String name,
    Map<String, Setting> own,
    Map<String, Setting> defaults,
    ConfLine line) {

  /** The line's own value, or null. */
  String own(String key) {
    return text(own, key);
  }

  /** The line's own value or else the default, or null. */
  String text(String key) {
    String value = own(key);
    return value != null ? value : text(defaults, key);
  }

  /** As {@link #text}, for a key that has an older name. */
  String text(String key, String olderKey) {
    for (Map<String, Setting> values : List.of(own, defaults)) {
      String value = text(values, key);
      if (value == null) {
        value = text(values, olderKey);
      }
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  boolean has(String key) {
    return text(key) != null;
  }

  /** The value of a key that holds a number, or the given one; it was checked when read. */
  long number(String key, long absent) {
    return parse(key, text(key), absent);
  }

  /** As {@link #number}, of this line alone. */
  long ownNumber(String key, long absent) {
    return parse(key, own(key), absent);
  }

  boolean flag(String key) {
    return number(key, 0) != 0;
  }

  private long parse(String key, String value, long absent) {
    if (value == null) {
      return absent;
    }
    ConfKey known = ConfKeys.get().find(section, key).orElseThrow();
    ConfNumber.Parsed parsed = ConfNumber.parse(known.type(), key, value);
    return parsed.value() == null ? absent : parsed.value();
  }

  private static String text(Map<String, Setting> values, String key) {
    Setting setting = values.get(key.toLowerCase(Locale.ROOT));
    return setting == null ? null : setting.value();
  }
}
