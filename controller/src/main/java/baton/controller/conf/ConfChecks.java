package baton.controller.conf;

import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads and checks the cluster-wide values that Baton itself uses. Every refusal of slurmctld that
 * concerns one of these is one here.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/read_config.c.
 */
final class ConfChecks {
  private static final long MAX_JOB_ID = 0x03ffffff;

  private final ConfProblems problems;
  private final Path file;
  private final ConfTable table;
  private final ConfValues values;
  private final Release release;

  ConfChecks(
      ConfProblems problems, Path file, ConfTable table, ConfValues values, Release release) {
    this.problems = problems;
    this.file = file;
    this.table = table;
    this.values = values;
    this.release = release;
  }

  /** Ports of the controller, the first and how many. */
  record Ports(int first, int count) {}

  /** FirstJobId, MaxJobId and MaxJobCount, made to fit each other. */
  record JobIds(long first, long max, long maxJobs) {}

  String clusterName() {
    String name = values.set("ClusterName");
    if (name == null || name.isEmpty()) {
      problems.error(file, "ClusterName must be set");
      return "";
    }
    return name.toLowerCase(Locale.ROOT);
  }

  List<ControllerHost> controllers(String ownHostname) {
    List<ControllerHost> hosts = new ArrayList<>();
    List<Setting> settings = table.list("SlurmctldHost");
    for (Setting setting : settings) {
      controllerHost(setting).ifPresent(hosts::add);
    }
    if (settings.isEmpty()) {
      oldControllers(hosts);
    } else {
      for (String old :
          List.of("ControlMachine", "ControlAddr", "BackupController", "BackupAddr")) {
        if (table.setting(old) != null) {
          problems.warning(table.setting(old).line(), old + " is ignored, as SlurmctldHost is set");
        }
      }
    }
    List<ControllerHost> named = new ArrayList<>();
    for (ControllerHost host : hosts) {
      boolean local = host.name().equalsIgnoreCase("localhost");
      ControllerHost next = new ControllerHost(local ? ownHostname : host.name(), host.address());
      if (named.stream().anyMatch(other -> other.name().equals(next.name()))) {
        problems.error(file, "SlurmctldHost " + next.name() + " stands twice");
      }
      named.add(next);
    }
    return named;
  }

  private Optional<ControllerHost> controllerHost(Setting setting) {
    String value = setting.value();
    int open = value.indexOf('(');
    int close = value.indexOf(')');
    boolean plain = open < 0 && close < 0;
    boolean paired = open > 0 && close == value.length() - 1 && open < close;
    if (!plain && !paired) {
      problems.error(setting.line(), "SlurmctldHost=" + value + " must be name or name(address)");
      return Optional.empty();
    }
    return Optional.of(
        plain
            ? new ControllerHost(value, value)
            : new ControllerHost(value.substring(0, open), value.substring(open + 1, close)));
  }

  private void oldControllers(List<ControllerHost> hosts) {
    String machine = values.set("ControlMachine");
    if (machine == null) {
      problems.error(file, "SlurmctldHost must be set");
      return;
    }
    String address = values.set("ControlAddr");
    if (address == null && machine.contains(",")) {
      problems.error(
          table.setting("ControlMachine").line(),
          "ControlMachine has several names, so ControlAddr must be set");
    }
    hosts.add(new ControllerHost(machine, address == null ? machine : address));
    String backup = values.set("BackupController");
    String backupAddress = values.set("BackupAddr");
    if (backup != null) {
      hosts.add(new ControllerHost(backup, backupAddress == null ? backup : backupAddress));
    } else if (backupAddress != null) {
      problems.error(
          table.setting("BackupAddr").line(), "BackupAddr needs BackupController to be set");
    }
  }

  Ports controllerPorts() {
    String text = values.text("SlurmctldPort", release);
    String[] ends = text.split("-", -1);
    int first = port(ends[0]);
    int last = ends.length == 1 ? first : port(ends[1]);
    boolean valid = ends.length <= 2 && first > 0 && (ends.length == 1 ? last > 0 : last > first);
    if (!valid) {
      problems.error(
          table.setting("SlurmctldPort").line(),
          "SlurmctldPort=" + text + " must be a port or a range first-last");
      return new Ports(1, 1);
    }
    return new Ports(first, last - first + 1);
  }

  private static int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    return port > NoVal.INFINITE16 ? 0 : port;
  }

  int slurmdPort() {
    long port = values.number("SlurmdPort", release);
    if (port < 1 || port > NoVal.INFINITE16) {
      problems.error(table.setting("SlurmdPort").line(), "SlurmdPort=" + port + " is no port");
      return 1;
    }
    return (int) port;
  }

  JobIds jobIds() {
    long first = values.number("FirstJobId", release);
    long max = values.number("MaxJobId", release);
    long jobs = values.number("MaxJobCount", release);
    if (max > MAX_JOB_ID) {
      problems.warning(
          table.setting("MaxJobId").line(),
          "MaxJobId is at most " + MAX_JOB_ID + ", which is taken");
      max = MAX_JOB_ID;
    }
    if (first == 0 || first > max) {
      problems.error(file, "FirstJobId=" + first + " must be from 1 to MaxJobId=" + max);
    }
    if (jobs == 0) {
      problems.error(table.setting("MaxJobCount").line(), "MaxJobCount=0 allows no jobs");
    }
    // Job arrays need an id for each job.
    return new JobIds(first, max, Math.min(jobs, max - first + 1));
  }

  SlurmUser user(String key, UserLookup users) {
    String name = values.text(key, release);
    OptionalLong uid = name.equals("root") ? OptionalLong.of(0) : users.uid(name);
    if (uid.isEmpty() || uid.getAsLong() >= NoVal.NO_VAL) {
      problems.error(table.setting(key).line(), key + "=" + name + ": there is no such user");
      return new SlurmUser(name, Uid.of(NoVal.NO_VAL));
    }
    return new SlurmUser(name, Uid.of(uid.getAsLong()));
  }

  MemoryLimit memory(String perNode, String perCpu) {
    if (values.isSet(perNode) && values.isSet(perCpu)) {
      problems.warning(
          table.setting(perCpu).line(), perCpu + " is ignored, as " + perNode + " is set");
    }
    if (!values.isSet(perNode) && values.isSet(perCpu)) {
      return new MemoryLimit(values.number(perCpu, release), true);
    }
    return new MemoryLimit(values.number(perNode, release), false);
  }

  long minJobAgeSeconds() {
    long seconds = values.number("MinJobAge", release);
    if (seconds < 2) {
      problems.warning(
          table.setting("MinJobAge").line(), "MinJobAge is at least 2, which is taken");
      return 2;
    }
    return seconds;
  }

  int treeWidth() {
    int width = (int) values.number("TreeWidth", release);
    if (width == 0) {
      problems.warning(
          table.setting("TreeWidth").line(), "TreeWidth=0 makes no sense; the default is taken");
      return Integer.parseInt(
          ConfKeys.get().find(ConfSection.TOP, "TreeWidth").orElseThrow().defaultFor(release));
    }
    return width;
  }

  EnumSet<SelectTypeParameter> selectTypeParameters() {
    String selectType = values.text("SelectType", release);
    if (!values.isSet("SelectTypeParameters")) {
      return SelectTypeParameter.absent(release, selectType);
    }
    return words(
        "SelectTypeParameters",
        SelectTypeParameter::parse,
        EnumSet.noneOf(SelectTypeParameter.class));
  }

  EnumSet<PrologFlag> prologFlags() {
    EnumSet<PrologFlag> flags =
        words("PrologFlags", PrologFlag::parse, EnumSet.noneOf(PrologFlag.class));
    if (flags.contains(PrologFlag.NO_HOLD) && flags.contains(PrologFlag.CONTAIN)) {
      problems.error(
          table.setting("PrologFlags").line(),
          "PrologFlags: NoHold cannot be combined with Contain, RunInJob or X11");
    }
    return flags;
  }

  EnforcePartLimits enforcePartLimits() {
    return words("EnforcePartLimits", EnforcePartLimits::parse, EnforcePartLimits.NO);
  }

  int preemptMode() {
    String text = values.text("PreemptMode", release);
    int mode = PreemptModes.parse(text);
    if (mode == NoVal.NO_VAL16 || mode == PreemptModes.SUSPEND) {
      problems.error(
          table.setting("PreemptMode").line(),
          "PreemptMode=" + text + " must be one of OFF, CANCEL, REQUEUE, or SUSPEND,GANG");
      return PreemptModes.OFF;
    }
    String type = values.text("PreemptType", release);
    boolean preempts = type != null && !type.equals("preempt/none");
    if (preempts == (PreemptModes.mode(mode) == PreemptModes.OFF)) {
      problems.error(file, "PreemptType=" + type + " and PreemptMode=" + text + " do not fit");
    }
    return mode;
  }

  private <T> T words(String key, Function<String, Optional<T>> parser, T absent) {
    String text = values.text(key, release);
    if (text == null) {
      return absent;
    }
    Optional<T> parsed = parser.apply(text);
    if (parsed.isEmpty()) {
      problems.error(
          table.setting(key).line(),
          key + "=" + text + ": a word is unknown, or words exclude others");
    }
    return parsed.orElse(absent);
  }
}
