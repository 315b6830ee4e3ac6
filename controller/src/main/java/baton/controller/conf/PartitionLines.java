package baton.controller.conf;

import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes partitions of PartitionName lines.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/read_config.c, src/slurmctld/read_config.c.
 */
final class PartitionLines {
  private static final int DEFAULT_SHARE = 4;

  private final ConfProblems problems;
  private final NodeNames nodeNames;
  private final boolean noRootJobs;

  PartitionLines(ConfProblems problems, NodeNames nodeNames, boolean noRootJobs) {
    this.problems = problems;
    this.nodeNames = nodeNames;
    this.noRootJobs = noRootJobs;
  }

  List<PartitionLine> read(List<ConfEntry> entries) {
    Map<String, ConfLine> lineOfPartition = new HashMap<>();
    String defaultName = null;
    List<ConfEntry> distinct = new ArrayList<>();
    for (ConfEntry entry : entries) {
      ConfLine before = lineOfPartition.putIfAbsent(entry.name(), entry.line());
      if (before != null) {
        problems.error(
            entry.line(),
            "partition "
                + entry.name()
                + " is defined twice, first at "
                + before.file()
                + ":"
                + before.number());
        continue;
      }
      distinct.add(entry);
      if (entry.flag("Default")) {
        if (defaultName != null) {
          problems.warning(
              entry.line(),
              "the default partition is now " + entry.name() + ", not " + defaultName);
        }
        defaultName = entry.name();
      }
    }
    List<PartitionLine> partitions = new ArrayList<>();
    for (ConfEntry entry : distinct) {
      partitions.add(partition(entry, entry.name().equals(defaultName)));
    }
    return partitions;
  }

  private PartitionLine partition(ConfEntry entry, boolean isDefault) {
    long maxTime = minutes(entry, "MaxTime", NoVal.INFINITE);
    String nodes = entry.text("Nodes");
    String nodesListed = nodes == null ? null : nodes.replaceAll("\\s", ",");
    int priority = (int) entry.number("Priority", -1);
    String allowAccounts = lower(allUnlessSet(entry.text("AllowAccounts")));
    String allowQos = lower(allUnlessSet(entry.text("AllowQos")));
    return new PartitionLine(
        entry.name(),
        nodesListed,
        nodeNames.resolve(entry.line(), nodesListed),
        isDefault,
        state(entry),
        entry.flag("Hidden"),
        entry.flag("RootOnly"),
        entry.ownNumber("DisableRootJobs", noRootJobs ? 1 : 0) != 0,
        entry.flag("ReqResv"),
        entry.flag("LLN"),
        // Slurm takes these two from the line alone, not from DEFAULT.
        entry.ownNumber("ExclusiveUser", 0) != 0,
        entry.ownNumber("ExclusiveTopo", 0) != 0,
        entry.flag("PowerDownOnIdle"),
        maxTime,
        defaultTime(entry, maxTime),
        entry.number("MinNodes", 0),
        entry.number("MaxNodes", NoVal.INFINITE),
        entry.number("MaxCPUsPerNode", NoVal.INFINITE),
        entry.number("MaxCPUsPerSocket", NoVal.INFINITE),
        share(entry),
        memory(entry, "DefMemPerNode", "DefMemPerCPU"),
        memory(entry, "MaxMemPerNode", "MaxMemPerCPU"),
        priority >= 0 ? priority : (int) entry.number("PriorityJobFactor", 1),
        priority >= 0 ? priority : (int) entry.number("PriorityTier", 1),
        overTimeLimit(entry),
        entry.number("GraceTime", 0),
        preemptMode(entry),
        selectType(entry),
        (int) entry.number("ResumeTimeout", NoVal.NO_VAL16),
        suspendTime(entry),
        (int) entry.number("SuspendTimeout", NoVal.NO_VAL16),
        allowAccounts,
        allUnlessSet(entry.text("AllowGroups")),
        allowQos,
        denied(entry, "DenyAccounts", "AllowAccounts", allowAccounts),
        denied(entry, "DenyQos", "AllowQos", allowQos),
        allUnlessSet(entry.text("AllocNodes")),
        entry.text("Alternate"),
        entry.text("QOS"),
        entry.text("TRESBillingWeights"),
        entry.number("DefCPUPerGPU", 0),
        entry.number("DefMemPerGPU", 0),
        entry.text("CpuBind"));
  }

  private long minutes(ConfEntry entry, String key, long absent) {
    String text = entry.text(key);
    if (text == null) {
      return absent;
    }
    long minutes = ConfTime.minutes(text);
    if (minutes == NoVal.NO_VAL) {
      problems.error(
          entry.line(), key + "=" + text + " is no time (minutes, h:m:s, days-hours or UNLIMITED)");
    }
    return minutes;
  }

  private long defaultTime(ConfEntry entry, long maxTime) {
    long time = minutes(entry, "DefaultTime", NoVal.NO_VAL);
    if (time != NoVal.NO_VAL && time > maxTime) {
      problems.warning(entry.line(), "DefaultTime exceeds MaxTime; MaxTime is taken");
      return NoVal.NO_VAL;
    }
    return time;
  }

  private PartitionLine.State state(ConfEntry entry) {
    String text = entry.text("State");
    if (text == null) {
      return PartitionLine.State.UP;
    }
    for (PartitionLine.State state : PartitionLine.State.values()) {
      if (text.toUpperCase(Locale.ROOT).startsWith(state.name())) {
        return state;
      }
    }
    problems.error(entry.line(), "State=" + text + " must be UP, DOWN, DRAIN or INACTIVE");
    return PartitionLine.State.UP;
  }

  private PartitionLine.Share share(ConfEntry entry) {
    String key = entry.has("OverSubscribe") ? "OverSubscribe" : "Shared";
    String text = entry.text(key);
    if (text == null) {
      return new PartitionLine.Share(1, false);
    }
    int colon = text.indexOf(':');
    String word = (colon < 0 ? text : text.substring(0, colon)).toUpperCase(Locale.ROOT);
    boolean force = word.equals("FORCE");
    if (force || word.equals("YES")) {
      int jobs = colon < 0 ? DEFAULT_SHARE : leadingNumber(text.substring(colon + 1));
      if (jobs < (force ? 1 : 2)) {
        problems.warning(entry.line(), key + "=" + text + " makes no sense; NO is taken");
        return new PartitionLine.Share(1, false);
      }
      return new PartitionLine.Share(jobs, force);
    }
    if (colon < 0 && (word.equals("NO") || word.equals("EXCLUSIVE"))) {
      return new PartitionLine.Share(word.equals("NO") ? 1 : 0, false);
    }
    problems.error(
        entry.line(), key + "=" + text + " must be NO, EXCLUSIVE, YES[:jobs] or FORCE[:jobs]");
    return new PartitionLine.Share(1, false);
  }

  private MemoryLimit memory(ConfEntry entry, String perNode, String perCpu) {
    if (entry.has(perNode) && entry.has(perCpu)) {
      problems.warning(entry.line(), perCpu + " is ignored, as " + perNode + " is set");
    }
    if (entry.has(perNode)) {
      return new MemoryLimit(entry.number(perNode, 0), false);
    }
    return entry.has(perCpu) ? new MemoryLimit(entry.number(perCpu, 0), true) : MemoryLimit.NONE;
  }

  private int overTimeLimit(ConfEntry entry) {
    String text = entry.text("OverTimeLimit");
    if (text == null) {
      return NoVal.NO_VAL16;
    }
    if (text.equalsIgnoreCase("INFINITE") || text.equalsIgnoreCase("UNLIMITED")) {
      return NoVal.INFINITE16;
    }
    int minutes = leadingNumber(text);
    if (minutes < 0) {
      problems.warning(entry.line(), "OverTimeLimit=" + text + " is no number; ignored");
      return NoVal.NO_VAL16;
    }
    return minutes >= NoVal.NO_VAL16 ? NoVal.INFINITE16 : minutes;
  }

  private int preemptMode(ConfEntry entry) {
    String text = entry.text("PreemptMode");
    if (text == null) {
      return NoVal.NO_VAL16;
    }
    int mode = PreemptModes.parse(text);
    if (mode == NoVal.NO_VAL16) {
      problems.error(
          entry.line(), "PreemptMode=" + text + " must be one of OFF, CANCEL, REQUEUE, SUSPEND");
    }
    return mode;
  }

  private int selectType(ConfEntry entry) {
    String text = entry.own("SelectTypeParameters");
    if (text == null) {
      return 0;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    int memory =
        upper.startsWith("_MEMORY", upper.indexOf('_', 3))
            ? SelectTypeParameter.CR_MEMORY.bit()
            : 0;
    if (upper.startsWith("CR_CORE")) {
      return SelectTypeParameter.CR_CORE.bit() | memory;
    }
    if (upper.startsWith("CR_SOCKET")) {
      return SelectTypeParameter.CR_SOCKET.bit() | memory;
    }
    problems.error(
        entry.line(),
        "SelectTypeParameters=" + text + " of a partition must be CR_Core or CR_Socket[_Memory]");
    return 0;
  }

  private long suspendTime(ConfEntry entry) {
    String text = entry.own("SuspendTime");
    if (text == null) {
      return NoVal.NO_VAL;
    }
    if (text.equalsIgnoreCase("INFINITE") || text.equals("-1")) {
      return NoVal.INFINITE;
    }
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > NoVal.INFINITE) {
      problems.error(entry.line(), "SuspendTime=" + text + " is no number of seconds");
      return NoVal.NO_VAL;
    }
    return Long.parseLong(text);
  }

  private String denied(ConfEntry entry, String deny, String allow, String allowed) {
    String denied = entry.text(deny);
    if (denied != null && allowed != null) {
      problems.warning(entry.line(), deny + " is ignored, as " + allow + " is set");
    }
    return lower(denied);
  }

  private static String allUnlessSet(String text) {
    return text == null || text.equalsIgnoreCase("ALL") ? null : text;
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** The number that the text begins with; 0 if it begins with none, -1 if negative. */
  private static int leadingNumber(String text) {
    int end = 0;
    while (end < text.length() && Character.digit(text.charAt(end), 10) >= 0 && end < 9) {
      end++;
    }
    if (end == 0) {
      return text.startsWith("-") ? -1 : 0;
    }
    return Integer.parseInt(text.substring(0, end));
  }
}
