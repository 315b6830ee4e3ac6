package baton.controller.conf;

import baton.protocol.message.ConfigKeyPair;
import baton.protocol.type.Release;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * cgroup.conf as scontrol show config shows it. slurmd is who uses it; here it is only shown.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/interfaces/cgroup.c.
 */
final class CgroupConf {
  private enum Form {
    YES_NO,
    PERCENT,
    MEBIBYTES,
    MILLISECONDS,
    BYTES,
    TEXT
  }

  /** A key, the releases that show it, how, and the default (null: none). */
  private record Shown(String key, String releases, Form form, String absent) {}

  private static final List<Shown> KEYS =
      List.of(
          new Shown("CgroupAutomount", "22.05-23.02", Form.YES_NO, "no"),
          new Shown("CgroupMountpoint", "22.05+", Form.TEXT, "/sys/fs/cgroup"),
          new Shown("CgroupSlice", "25.11+", Form.TEXT, null),
          new Shown("CgroupJobIdPaths", "26.05+", Form.YES_NO, "no"),
          new Shown("ConstrainCores", "22.05+", Form.YES_NO, "no"),
          new Shown("ConstrainRAMSpace", "22.05+", Form.YES_NO, "no"),
          new Shown("AllowedRAMSpace", "22.05+", Form.PERCENT, "100"),
          new Shown("MaxRAMPercent", "22.05+", Form.PERCENT, "100"),
          new Shown("MinRAMSpace", "22.05+", Form.MEBIBYTES, "30"),
          new Shown("ConstrainSwapSpace", "22.05+", Form.YES_NO, "no"),
          new Shown("ConstrainKmemSpace", "22.05-23.02", Form.YES_NO, "no"),
          new Shown("AllowedKmemSpace", "22.05-23.02", Form.BYTES, null),
          new Shown("MaxKmemPercent", "22.05-23.02", Form.PERCENT, "100"),
          new Shown("MinKmemSpace", "22.05-23.02", Form.MEBIBYTES, "30"),
          new Shown("AllowedSwapSpace", "22.05+", Form.PERCENT, "0"),
          new Shown("MaxSwapPercent", "22.05+", Form.PERCENT, "100"),
          new Shown("ConstrainDevices", "22.05+", Form.YES_NO, "no"),
          new Shown("MemorySwappiness", "22.05+", Form.TEXT, null),
          new Shown("CgroupPlugin", "22.05+", Form.TEXT, "autodetect"),
          new Shown("IgnoreSystemd", "22.05+", Form.YES_NO, "no"),
          new Shown("IgnoreSystemdOnFailure", "22.05+", Form.YES_NO, "no"),
          new Shown("EnableControllers", "23.02+", Form.YES_NO, "no"),
          new Shown("EnableExtraControllers", "25.05+", Form.TEXT, null),
          new Shown("SystemdTimeout", "24.05+", Form.MILLISECONDS, "1000"));

  private final Map<String, String> values = new HashMap<>();
  private final boolean present;

  private CgroupConf(boolean present) {
    this.present = present;
  }

  /** Reads the content of the file; null: there is none. */
  static CgroupConf of(String content) {
    CgroupConf conf = new CgroupConf(content != null);
    if (content != null) {
      for (ConfLine line : ConfText.statements(Path.of("cgroup.conf"), content)) {
        KeyValue pair = KeyValue.scan(line.text(), 0);
        if (pair != null) {
          conf.values.put(pair.lowerKey(), pair.value());
        }
      }
    }
    return conf;
  }

  /** Whether slurmctld shows it: if a plugin has to do with cgroups. */
  static boolean shown(ConfValues values, Release release) {
    for (String key : List.of("JobAcctGatherType", "ProctrackType", "TaskPlugin")) {
      if (Words.contains(values.text(key, release), "cgroup")) {
        return true;
      }
    }
    return false;
  }

  List<ConfigKeyPair> pairs(Release release) {
    List<ConfigKeyPair> pairs = new ArrayList<>();
    for (Shown shown : KEYS) {
      if (ConfKey.releasesIn(shown.releases()).contains(release)) {
        pairs.add(ConfigKeyPair.builder().name(shown.key()).value(value(shown, release)).build());
      }
    }
    pairs.sort(Comparator.comparing(ConfigKeyPair::name));
    return pairs;
  }

  private String value(Shown shown, Release release) {
    boolean newer = release.atLeast(Release.V24_05);
    String value = values.getOrDefault(shown.key().toLowerCase(Locale.ROOT), shown.absent());
    // 22.05 forgets its default as soon as there is a file.
    boolean forgotten = shown.key().equals("CgroupPlugin") && release == Release.V22_05 && present;
    if (value == null || (forgotten && !values.containsKey("cgroupplugin"))) {
      return newer ? "(null)" : null;
    }
    return switch (shown.form()) {
      case YES_NO -> yes(shown.key(), value) ? "yes" : "no";
      case PERCENT -> decimal(value) + "%";
      case MEBIBYTES -> value + (newer ? "MB" : " MB");
      case MILLISECONDS -> value + " ms";
      case BYTES -> value + " Bytes";
      case TEXT -> value;
    };
  }

  private boolean yes(String key, String value) {
    boolean implied = key.equals("IgnoreSystemdOnFailure") && yes("", get("ignoresystemd"));
    ConfNumber.Parsed parsed = ConfNumber.parse(ConfKey.Type.BOOLEAN, key, value);
    return implied || (parsed.value() != null && parsed.value() != 0);
  }

  private String get(String key) {
    return values.getOrDefault(key, "no");
  }

  private static String decimal(String value) {
    try {
      return String.format(Locale.ROOT, "%.1f", Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return value;
    }
  }
}
