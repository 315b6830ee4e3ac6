package baton.controller.conf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the statements of slurm.conf set, by key: of a key that stands several times the last value
 * counts, except for those that gather (SlurmctldHost and others of type list). Lines that begin
 * with NodeName, PartitionName, DownNodes, NodeSet or FrontendName are entries of their own, with
 * the DEFAULT lines before them.
 */
final class ConfTable implements ConfReader.Sink {
  private static final int MAX_ENTRIES = 200_000;
  private static final List<String> NOT_FOR_DEFAULT_NODE =
      List.of("NodeHostname", "NodeAddr", "BcastAddr");

  private final ConfProblems problems;
  private final Map<String, Setting> settings = new HashMap<>();
  private final Map<String, List<Setting>> lists = new HashMap<>();
  private final Map<ConfSection, List<ConfEntry>> entries = new EnumMap<>(ConfSection.class);
  private final Map<ConfSection, Map<String, Setting>> defaults = new EnumMap<>(ConfSection.class);
  private int entryCount;

  ConfTable(ConfProblems problems) {
    this.problems = problems;
  }

  @Override
  public String clusterName() {
    Setting name = settings.get("clustername");
    return name == null ? null : name.value();
  }

  /** The last setting of a key, or null. */
  Setting setting(String key) {
    return settings.get(key.toLowerCase(Locale.ROOT));
  }

  /** All settings of a key of type list, in order. */
  List<Setting> list(String key) {
    return lists.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }

  List<ConfEntry> entries(ConfSection section) {
    return entries.getOrDefault(section, List.of());
  }

  /** Every key that was set, lower case. */
  Map<String, Setting> settings() {
    return settings;
  }

  @Override
  public void take(ConfLine line) {
    KeyValue first = KeyValue.scan(line.text(), 0);
    if (first == null) {
      problems.error(line, "not a Key=Value statement: " + quoted(line.text()));
      return;
    }
    ConfSection section = ConfSection.openedBy(first.key());
    if (section == ConfSection.TOP) {
      takeTop(line, first);
    } else {
      takeEntry(line, section, first);
    }
  }

  private void takeTop(ConfLine line, KeyValue pair) {
    String rest = line.text().substring(pair.end());
    Optional<ConfKey> key = known(line, ConfSection.TOP, pair);
    boolean lineOfKeys = key.isEmpty() || key.get().name().equals("PowerAction");
    if (!rest.isBlank() && !lineOfKeys) {
      problems.error(
          line,
          "after "
              + pair.key()
              + "="
              + pair.value()
              + " stands "
              + quoted(rest)
              + "; one key to a line");
      return;
    }
    if (key.isEmpty() || !valid(line, key.get(), pair)) {
      return;
    }
    Setting setting = new Setting(key.get().name(), pair.value(), line);
    if (key.get().type() == ConfKey.Type.LIST) {
      lists.computeIfAbsent(pair.lowerKey(), k -> new ArrayList<>()).add(setting);
    } else if (settings.containsKey(pair.lowerKey())) {
      ConfLine before = settings.get(pair.lowerKey()).line();
      problems.warning(
          line,
          key.get().name()
              + " was set before ("
              + before.file()
              + ":"
              + before.number()
              + "); the last value counts");
    }
    settings.put(pair.lowerKey(), setting);
  }

  private void takeEntry(ConfLine line, ConfSection section, KeyValue first) {
    if (++entryCount > MAX_ENTRIES) {
      problems.error(line, "more than " + MAX_ENTRIES + " lines of nodes and partitions");
      return;
    }
    known(line, section, first);
    Map<String, Setting> own = new HashMap<>();
    if (!pairs(line, section, first.end(), own)) {
      return;
    }
    boolean takesDefaults = section != ConfSection.DOWN_NODES && section != ConfSection.NODE_SET;
    if (takesDefaults && first.value().equalsIgnoreCase("DEFAULT")) {
      for (String key : NOT_FOR_DEFAULT_NODE) {
        if (section == ConfSection.NODE && own.containsKey(key.toLowerCase(Locale.ROOT))) {
          problems.error(line, key + " is not allowed with NodeName=DEFAULT");
        }
      }
      Map<String, Setting> merged = new HashMap<>(defaults.getOrDefault(section, Map.of()));
      merged.putAll(own);
      defaults.put(section, merged);
      return;
    }
    entries
        .computeIfAbsent(section, s -> new ArrayList<>())
        .add(
            new ConfEntry(
                section, first.value(), own, defaults.getOrDefault(section, Map.of()), line));
  }

  private boolean pairs(ConfLine line, ConfSection section, int start, Map<String, Setting> own) {
    int position = start;
    String text = line.text();
    boolean valid = true;
    while (KeyValue.skipSpace(text, position) < text.length()) {
      KeyValue pair = KeyValue.scan(text, position);
      if (pair == null) {
        problems.error(line, "not a Key=Value: " + quoted(text.substring(position)));
        return false;
      }
      position = pair.end();
      Optional<ConfKey> key = known(line, section, pair);
      if (key.isEmpty()) {
        continue;
      }
      if (!valid(line, key.get(), pair)) {
        valid = false;
      } else if (own.put(pair.lowerKey(), new Setting(key.get().name(), pair.value(), line))
          != null) {
        problems.warning(line, pair.key() + " stands twice on the line; the last value counts");
      }
    }
    return valid;
  }

  private Optional<ConfKey> known(ConfLine line, ConfSection section, KeyValue pair) {
    Optional<ConfKey> key = ConfKeys.get().find(section, pair.key());
    String where = section == ConfSection.TOP ? "" : " on " + section.firstKey() + " lines";
    if (key.isEmpty()) {
      problems.noteKey(
          line, section, pair.key(), "unknown key " + pair.key() + where + ": without effect");
    } else if (key.get().status() == ConfKey.Status.NOT_YET) {
      problems.noteKey(
          line, section, pair.key(), key.get().name() + where + " is not honoured by Baton yet");
    }
    return key;
  }

  private boolean valid(ConfLine line, ConfKey key, KeyValue pair) {
    if (key.type() == ConfKey.Type.STRING || key.type() == ConfKey.Type.LIST) {
      return true;
    }
    ConfNumber.Parsed parsed = ConfNumber.parse(key.type(), key.name(), pair.value());
    if (parsed.fault() != null) {
      problems.error(line, parsed.fault());
    }
    return parsed.fault() == null;
  }

  private static String quoted(String text) {
    String shown = text.strip();
    return "\"" + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown) + "\"";
  }
}
