package baton.controller.conf;

import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Keys of words that stand on the wire as bits or codes.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/read_config.c, slurm/slurm.h.
 */
final class ConfBits {
  private static final int ALL_BITS = 0xffff;
  private static final int NO_JOBS = 0x20;
  private static final int NO_STEPS = 0x40;
  private static final int FAIR_TREE = 0x20;
  private static final int UNKNOWN_LEVEL = 10;

  /** Each word implies that associations are enforced, so has bit 0. */
  private static final Map<String, Integer> ENFORCE =
      Map.ofEntries(
          Map.entry("1", 0x1),
          Map.entry("associations", 0x1),
          Map.entry("2", 0x3),
          Map.entry("limits", 0x3),
          Map.entry("safe", 0x13),
          Map.entry("wckeys", 0x5),
          Map.entry("qos", 0x9),
          Map.entry("all", ALL_BITS & ~(NO_JOBS | NO_STEPS)),
          Map.entry("nojobs", NO_JOBS | NO_STEPS),
          Map.entry("nosteps", NO_STEPS));

  private static final List<String> LOG_LEVELS =
      List.of(
          "quiet", "fatal", "error", "info", "verbose", "debug", "debug2", "debug3", "debug4",
          "debug5");

  /** In the order in which Slurm looks for them; the first one found counts. */
  private static final Map<String, Integer> TIME_FORMATS =
      Map.of(
          "iso8601_ms",
          0,
          "iso8601",
          1,
          "rfc5424_ms",
          2,
          "rfc5424",
          3,
          "clock",
          4,
          "short",
          5,
          "thread_id",
          6,
          "rfc3339",
          7);

  private static final List<String> TIME_FORMAT_ORDER =
      List.of(
          "iso8601_ms",
          "iso8601",
          "rfc5424_ms",
          "rfc5424",
          "clock",
          "short",
          "thread_id",
          "rfc3339");

  private static final Map<String, Integer> PRIVATE_DATA =
      Map.of(
          "job",
          0x1,
          "node",
          0x2,
          "partition",
          0x4,
          "usage",
          0x8,
          "user",
          0x10,
          "account",
          0x20,
          "reservation",
          0x40,
          "event",
          0x100);

  private static final Map<String, Long> GOVERNORS =
      Map.of(
          "conservative",
          0x88000000L,
          "ondemand",
          0x84000000L,
          "performance",
          0x82000000L,
          "powersave",
          0x81000000L,
          "userspace",
          0x80800000L,
          "schedutil",
          0x80400000L);

  private static final Map<String, Integer> TASK_PARAMETERS =
      Map.ofEntries(
          Map.entry("verbose", 0x1),
          Map.entry("threads", 0x2),
          Map.entry("cores", 0x4),
          Map.entry("sockets", 0x8),
          Map.entry("none", 0x20),
          Map.entry("autobind=threads", 0x4000),
          Map.entry("autobind=cores", 0x10000),
          Map.entry("autobind=sockets", 0x20000),
          Map.entry("slurmdoffspec", 0x40000),
          Map.entry("oomkillstep", 0x100000),
          Map.entry("slurmdspecoverride", 0x200000));

  private ConfBits() {}

  static int accountingEnforce(String text) {
    int bits = 0;
    for (String word : Words.of(text)) {
      bits |= ENFORCE.getOrDefault(word.toLowerCase(Locale.ROOT), 0);
    }
    return bits;
  }

  /** A log level by name or number; {@link #UNKNOWN_LEVEL} where it is not set. */
  static int logLevel(String text) {
    if (text == null) {
      return UNKNOWN_LEVEL;
    }
    int named = LOG_LEVELS.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named;
    }
    int level = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    return level > UNKNOWN_LEVEL ? UNKNOWN_LEVEL - 1 : level;
  }

  static int logTimeFormat(String text, Release release) {
    boolean stderr =
        release.atLeast(Release.V23_11)
            && !release.atLeast(Release.V25_05)
            && Words.contains(text, "format_stderr");
    for (String format : TIME_FORMAT_ORDER) {
      if (Words.contains(text, format)) {
        return TIME_FORMATS.get(format) | (stderr ? 0x8000 : 0);
      }
    }
    return stderr ? 0x8000 : 0;
  }

  static int privateData(String text, Release release) {
    if (Words.contains(text, "all")) {
      return ALL_BITS;
    }
    int bits = release == Release.V22_05 && Words.contains(text, "cloud") ? 0x80 : 0;
    for (Map.Entry<String, Integer> word : PRIVATE_DATA.entrySet()) {
      bits |= Words.contains(text, word.getKey()) ? word.getValue() : 0;
    }
    return bits;
  }

  static int priorityFlags(String text, Release release) {
    boolean oblivious = Words.contains(text, "DEPTH_OBLIVIOUS");
    boolean noTree = oblivious || Words.contains(text, "NO_FAIR_TREE");
    boolean gres = release.atLeast(Release.V25_05) && Words.contains(text, "MAX_TRES_GRES");
    int bits = noTree ? 0 : FAIR_TREE;
    bits |= Words.contains(text, "ACCRUE_ALWAYS") ? 0x1 : 0;
    bits |= !gres && Words.contains(text, "MAX_TRES") ? 0x2 : 0;
    bits |= Words.contains(text, "SMALL_RELATIVE_TO_TIME") ? 0x4 : 0;
    bits |= oblivious ? 0x8 : 0;
    bits |= Words.contains(text, "CALCULATE_RUNNING") ? 0x10 : 0;
    bits |= Words.contains(text, "INCR_ONLY") ? 0x40 : 0;
    bits |= Words.contains(text, "NO_NORMAL_ALL") ? 0x780 : 0;
    bits |= Words.contains(text, "NO_NORMAL_ASSOC") ? 0x80 : 0;
    bits |= Words.contains(text, "NO_NORMAL_PART") ? 0x100 : 0;
    bits |= Words.contains(text, "NO_NORMAL_QOS") ? 0x200 : 0;
    bits |= Words.contains(text, "NO_NORMAL_TRES") ? 0x400 : 0;
    return bits | (gres ? 0x800 : 0);
  }

  static int resetPeriod(String text) {
    List<String> periods =
        List.of("none", "now", "daily", "weekly", "monthly", "quarterly", "yearly");
    return Math.max(0, periods.indexOf(text.toLowerCase(Locale.ROOT)));
  }

  static int reconfigFlags(String text) {
    int bits = 0;
    for (String word : Words.of(text)) {
      bits |=
          switch (word.toLowerCase(Locale.ROOT)) {
            case "keeppartinfo" -> 0x1;
            case "keeppartstate" -> 0x2;
            case "keeppowersavesettings" -> 0x4;
            case "keepnodestatefuture" -> 0x8;
            default -> 0;
          };
    }
    return bits;
  }

  /** NO_VAL if not set. */
  static long cpuFreqDef(String text) {
    return text == null
        ? NoVal.NO_VAL
        : GOVERNORS.getOrDefault(text.toLowerCase(Locale.ROOT), NoVal.NO_VAL);
  }

  static long cpuFreqGovernors(String text) {
    long bits = 0;
    for (String word : Words.of(text == null ? "OnDemand,Performance,UserSpace" : text)) {
      bits |= GOVERNORS.getOrDefault(word.toLowerCase(Locale.ROOT), 0L);
    }
    return bits;
  }

  static long taskParameters(String text) {
    long bits = 0;
    for (String word : Words.of(text)) {
      bits |= TASK_PARAMETERS.getOrDefault(word.toLowerCase(Locale.ROOT), 0);
    }
    return bits;
  }
}
