package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.HostList;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Nodes and partitions as slurmctld 22.05.8 made them of lines/slurm.conf, recorded with scontrol
 * -o show node and show partition -a.
 */
class LinesAgainstSlurmctldTest {
  private static final Path FILES = Path.of("src/test/resources/baton/controller/conf/lines");
  private static final Pattern PAIR = Pattern.compile("(\\S+?)=(.*?)(?= +\\S+?=|$)");

  private final SlurmConf conf = load();

  private static SlurmConf load() {
    ConfOutcome outcome =
        SlurmConf.load(FILES.resolve("slurm.conf"), Release.V22_05, SampleConf.HOST);
    return assertInstanceOf(ConfOutcome.Loaded.class, outcome, outcome.toString()).conf();
  }

  private static List<Map<String, String>> recorded(String file) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(FILES.resolve(file))) {
      Map<String, String> row = new LinkedHashMap<>();
      Matcher matcher = PAIR.matcher(line);
      while (matcher.find()) {
        row.put(matcher.group(1), matcher.group(2).strip());
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void nodes() throws IOException {
    List<Map<String, String>> rows = recorded("show-node.txt");
    Map<String, ConfiguredNode> nodes = new LinkedHashMap<>();
    conf.nodes().forEach(node -> nodes.put(node.name(), node));
    assertEquals(rows.size(), nodes.size());
    for (Map<String, String> row : rows) {
      ConfiguredNode node = nodes.get(row.get("NodeName"));
      Map<String, String> ours = shown(node);
      Map<String, String> theirs = new LinkedHashMap<>();
      ours.keySet().forEach(key -> theirs.put(key, row.getOrDefault(key, "absent")));
      assertEquals(theirs, ours, node.name());
      assertTrue(row.get("State").contains(state(node).name()), node.name() + row.get("State"));
    }
  }

  private Map<String, String> shown(ConfiguredNode node) {
    NodeLine line = node.line();
    Map<String, String> row = new LinkedHashMap<>();
    row.put("NodeHostName", node.hostname());
    row.put("NodeAddr", node.address());
    row.put("Port", node.port() == conf.slurmdPort() ? "absent" : "" + node.port());
    row.put("CPUTot", "" + line.cpus());
    row.put("Boards", "" + line.boards());
    row.put("Sockets", "" + line.sockets());
    row.put("CoresPerSocket", "" + line.coresPerSocket());
    row.put("ThreadsPerCore", "" + line.threadsPerCore());
    row.put("RealMemory", "" + line.realMemory().value());
    row.put("TmpDisk", "" + line.tmpDiskMiB());
    row.put("Weight", "" + line.weight());
    String features = line.features();
    row.put("AvailableFeatures", features == null ? "(null)" : features);
    row.put(
        "MemSpecLimit",
        line.memSpecLimit().value() == 0 ? "absent" : "" + line.memSpecLimit().value());
    List<String> partitions = new ArrayList<>();
    for (PartitionLine partition : conf.partitions()) {
      if (partition.members().contains(node.name())) {
        partitions.add(partition.name());
      }
    }
    row.put("Partitions", partitions.isEmpty() ? "absent" : String.join(",", partitions));
    return row;
  }

  private ConfiguredNodeState state(ConfiguredNode node) {
    ConfiguredNodeState state = node.line().state();
    for (DownNodesLine line : conf.downNodes()) {
      if (line.nodes().contains(node.name())) {
        state = line.state();
      }
    }
    return state;
  }

  @Test
  void partitions() throws IOException {
    List<Map<String, String>> rows = recorded("show-partition.txt");
    assertEquals(rows.size(), conf.partitions().size());
    for (int i = 0; i < rows.size(); i++) {
      PartitionLine partition = conf.partitions().get(i);
      Map<String, String> ours = shown(partition);
      Map<String, String> theirs = new LinkedHashMap<>();
      Map<String, String> row = rows.get(i);
      ours.keySet().forEach(key -> theirs.put(key, row.getOrDefault(key, "absent")));
      assertEquals(theirs, ours, partition.name());
    }
  }

  private static Map<String, String> shown(PartitionLine p) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("PartitionName", p.name());
    row.put("AllowGroups", p.allowGroups() == null ? "ALL" : p.allowGroups());
    row.put("AllocNodes", p.allocNodes() == null ? "ALL" : p.allocNodes());
    row.put("DenyAccounts", p.denyAccounts() == null ? "absent" : p.denyAccounts());
    row.put("Alternate", p.alternate() == null ? "absent" : p.alternate());
    row.put("Default", yes(p.isDefault()));
    row.put(
        "DefaultTime",
        p.defaultTimeMinutes() == NoVal.NO_VAL ? "NONE" : time(p.defaultTimeMinutes()));
    row.put("DisableRootJobs", yes(p.noRootJobs()));
    row.put("ExclusiveUser", yes(p.exclusiveUser()));
    row.put("GraceTime", "" + p.graceTimeSeconds());
    row.put("Hidden", yes(p.hidden()));
    row.put("MaxNodes", limit(p.maxNodes()));
    row.put("MaxTime", time(p.maxTimeMinutes()));
    row.put("MinNodes", "" + p.minNodes());
    row.put("LLN", yes(p.leastLoadedNodes()));
    row.put("MaxCPUsPerNode", limit(p.maxCpusPerNode()));
    row.put("Nodes", HostList.of(p.members()).sorted().ranged());
    row.put("PriorityJobFactor", "" + p.priorityJobFactor());
    row.put("PriorityTier", "" + p.priorityTier());
    row.put("RootOnly", yes(p.rootOnly()));
    row.put("ReqResv", yes(p.requireReservation()));
    row.put("OverSubscribe", share(p.share()));
    row.put("OverTimeLimit", overTime(p.overTimeLimitMinutes()));
    row.put("State", p.state().name());
    row.put("TotalNodes", "" + p.members().size());
    row.put("DefMemPerNode", memory(p.defaultMemory(), false));
    row.put("MaxMemPerNode", memory(p.maxMemory(), false));
    row.put("MaxMemPerCPU", memory(p.maxMemory(), true));
    row.put(
        "ResumeTimeout",
        p.resumeTimeoutSeconds() == NoVal.NO_VAL16 ? "absent" : "" + p.resumeTimeoutSeconds());
    row.put(
        "SuspendTimeout",
        p.suspendTimeoutSeconds() == NoVal.NO_VAL16 ? "absent" : "" + p.suspendTimeoutSeconds());
    return row;
  }

  private static String yes(boolean value) {
    return value ? "YES" : "NO";
  }

  private static String limit(long value) {
    return value == NoVal.INFINITE ? "UNLIMITED" : "" + value;
  }

  private static String overTime(int minutes) {
    if (minutes == NoVal.NO_VAL16) {
      return "NONE";
    }
    return minutes == NoVal.INFINITE16 ? "UNLIMITED" : "" + minutes;
  }

  private static String memory(MemoryLimit limit, boolean perCpu) {
    if (limit.perCpu() != perCpu) {
      return "absent";
    }
    return limit.mebibytes() == 0 ? "UNLIMITED" : "" + limit.mebibytes();
  }

  private static String share(PartitionLine.Share share) {
    if (share.force()) {
      return "FORCE:" + share.jobs();
    }
    return switch (share.jobs()) {
      case 0 -> "EXCLUSIVE";
      case 1 -> "NO";
      default -> "YES:" + share.jobs();
    };
  }

  private static String time(long minutes) {
    if (minutes == NoVal.INFINITE) {
      return "UNLIMITED";
    }
    long days = minutes / 1440;
    String clock = String.format("%02d:%02d:00", minutes / 60 % 24, minutes % 60);
    return days == 0 ? clock : days + "-" + clock;
  }
}
