package baton.controller.conf;

import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cluster-wide keys of slurm.conf, with the default of a release where a key is not set.
 * Immutable; safe on any thread.
 */
public final class ConfValues {
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, List<String>> lists = new HashMap<>();

  ConfValues(ConfTable table) {
    for (Map.Entry<String, Setting> entry : table.settings().entrySet()) {
      values.put(entry.getKey(), entry.getValue().value());
      List<String> list = new ArrayList<>();
      for (Setting setting : table.list(entry.getKey())) {
        list.add(setting.value());
      }
      lists.put(entry.getKey(), List.copyOf(list));
    }
  }

  /** All keys that a file sets, as Slurm spells those that it knows. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    values.forEach(
        (key, value) ->
            all.put(
                ConfKeys.get().find(ConfSection.TOP, key).map(ConfKey::name).orElse(key), value));
    return all;
  }

  /** Whether a file sets the key. */
  public boolean isSet(String key) {
    return values.containsKey(lower(key));
  }

  /** The value in the file, or null. */
  public String set(String key) {
    return values.get(lower(key));
  }

  /** Every value of a key that may stand several times, in order. */
  public List<String> list(String key) {
    return lists.getOrDefault(lower(key), List.of());
  }

  /** The value in the file or else the release's default, or null. */
  public String text(String key, Release release) {
    String value = set(key);
    return value != null ? value : known(key).defaultFor(release);
  }

  /**
   * The value of a numeric or yes/no key as a number: u64 as its bits, yes as 1; 0 if neither file
   * nor release has one.
   */
  public long number(String key, Release release) {
    String text = text(key, release);
    if (text == null) {
      return 0;
    }
    ConfKey.Type type = known(key).type();
    if (text.startsWith("NO_VAL")) {
      return type == ConfKey.Type.U16 ? NoVal.NO_VAL16 : NoVal.NO_VAL;
    }
    ConfNumber.Parsed parsed = ConfNumber.parse(type, key, text);
    if (parsed.value() == null) {
      throw new IllegalStateException(parsed.fault());
    }
    return parsed.value();
  }

  /** A yes/no key. */
  public boolean flag(String key, Release release) {
    return number(key, release) != 0;
  }

  private static ConfKey known(String key) {
    return ConfKeys.get()
        .find(ConfSection.TOP, key)
        .orElseThrow(() -> new IllegalArgumentException("no key of slurm.conf: " + key));
  }

  private static String lower(String key) {
    return key.toLowerCase(Locale.ROOT);
  }
}
