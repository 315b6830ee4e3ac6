package baton.controller.conf;

import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.MemoryMiB;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes nodes of NodeName lines.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/read_config.c and node_conf.c, built for
 * several slurmd on one host (as Debian's is).
 */
final class NodeLines {
  private final ConfProblems problems;
  private final int defaultPort;
  private final List<ConfiguredNode> nodes = new ArrayList<>();
  private final Map<String, ConfLine> lineOfNode = new HashMap<>();

  NodeLines(ConfProblems problems, int defaultPort) {
    this.problems = problems;
    this.defaultPort = defaultPort;
  }

  List<ConfiguredNode> read(List<ConfEntry> entries) {
    for (ConfEntry entry : entries) {
      if (entry.name().equalsIgnoreCase("ALL") || entry.name().isEmpty()) {
        problems.error(entry.line(), "NodeName=" + entry.name() + ": a node cannot have that name");
      } else {
        expand(entry, line(entry));
      }
    }
    return nodes;
  }

  private NodeLine line(ConfEntry entry) {
    int threads = atLeastOne(entry, "ThreadsPerCore", 1);
    int cores = atLeastOne(entry, "CoresPerSocket", 1);
    int boards = atLeastOne(entry, "Boards", 1);
    long cpus = cpus(entry);
    int sockets = sockets(entry, boards, cores, threads, cpus);
    if (sockets < boards) {
      problems.warning(
          entry.line(),
          "Sockets=" + sockets + " is less than Boards=" + boards + "; Boards=1 is taken");
      boards = 1;
    }
    long allThreads = (long) sockets * cores * threads;
    if (allThreads > NoVal.INFINITE16) {
      problems.error(
          entry.line(),
          "Sockets x CoresPerSocket x ThreadsPerCore = " + allThreads + " is more than 65535");
    }
    boolean fits = cpus == sockets || cpus == (long) sockets * cores || cpus == allThreads;
    if (cpus > 0 && !fits) {
      problems.warning(
          entry.line(),
          "CPUs="
              + cpus
              + " is neither Sockets, nor Sockets x CoresPerSocket, nor Sockets x"
              + " CoresPerSocket x ThreadsPerCore; CPUs="
              + allThreads
              + " is taken");
    }
    int count = (int) (fits ? cpus : allThreads);
    MemoryMiB memory = new MemoryMiB(mebibytes(entry, "RealMemory", 1));
    String cpuSpecList = cpuSpecList(entry, count);
    return new NodeLine(
        entry.name(),
        count,
        boards,
        sockets,
        cores,
        threads,
        memory,
        entry.number("TmpDisk", 0),
        Math.min(entry.number("Weight", 1), NoVal.NO_VAL),
        entry.text("Feature", "Features"),
        entry.text("Gres"),
        state(entry),
        entry.text("Reason"),
        coreSpecCount(entry, sockets * cores, cpuSpecList),
        cpuSpecList,
        memSpecLimit(entry, memory),
        entry.text("CpuBind"),
        entry.text("TRESWeights"));
  }

  private int atLeastOne(ConfEntry entry, String key, int absent) {
    long value = entry.number(key, absent);
    if (value == 0) {
      problems.warning(entry.line(), key + "=0 makes no sense; " + key + "=1 is taken");
    }
    return (int) Math.max(1, value);
  }

  /** CPUs, or its old name Procs; -1 if not given. */
  private int cpus(ConfEntry entry) {
    String key = entry.has("CPUs") ? "CPUs" : "Procs";
    return entry.has(key) ? atLeastOne(entry, key, 1) : -1;
  }

  private int sockets(ConfEntry entry, int boards, int cores, int threads, long cpus) {
    if (entry.has("SocketsPerBoard")) {
      int perBoard = atLeastOne(entry, "SocketsPerBoard", 1);
      if (entry.has("Sockets")) {
        problems.warning(
            entry.line(), "both Sockets and SocketsPerBoard; SocketsPerBoard is taken");
      }
      return boards * perBoard;
    }
    if (entry.has("Sockets")) {
      return atLeastOne(entry, "Sockets", 1);
    }
    int perSocket = cores * threads;
    return cpus >= perSocket && cpus % perSocket == 0 ? (int) (cpus / perSocket) : boards;
  }

  private long mebibytes(ConfEntry entry, String key, long absent) {
    long value = entry.number(key, absent);
    if (value < 0) {
      problems.error(entry.line(), key + " is too large");
      return absent;
    }
    return value;
  }

  private ConfiguredNodeState state(ConfEntry entry) {
    String text = entry.text("State");
    if (text == null) {
      return ConfiguredNodeState.UNKNOWN;
    }
    return ConfiguredNodeState.parse(text)
        .orElseGet(
            () -> {
              problems.error(entry.line(), "State=" + text + " is no node state");
              return ConfiguredNodeState.UNKNOWN;
            });
  }

  private int coreSpecCount(ConfEntry entry, int cores, String cpuSpecList) {
    int count = (int) entry.number("CoreSpecCount", 0);
    if (count >= cores) {
      problems.warning(
          entry.line(), "CoreSpecCount=" + count + " leaves no core of " + cores + "; 1 is taken");
      count = 1;
    }
    if (count > 0 && cpuSpecList != null) {
      problems.warning(entry.line(), "both CoreSpecCount and CPUSpecList; CPUSpecList is taken");
      count = 0;
    }
    return count;
  }

  private String cpuSpecList(ConfEntry entry, int cpus) {
    String list = entry.text("CPUSpecList");
    if (list == null || CpuRanges.valid(list, cpus)) {
      return list;
    }
    problems.warning(
        entry.line(), "CPUSpecList=" + list + " is no list of CPUs below " + cpus + "; ignored");
    return null;
  }

  private MemoryMiB memSpecLimit(ConfEntry entry, MemoryMiB memory) {
    long limit = mebibytes(entry, "MemSpecLimit", 0);
    if (limit >= memory.value() && limit > 0) {
      problems.warning(
          entry.line(), "MemSpecLimit=" + limit + " is not below RealMemory; 0 is taken");
      limit = 0;
    }
    return new MemoryMiB(limit);
  }

  private void expand(ConfEntry entry, NodeLine line) {
    String hostnames = entry.own("NodeHostname");
    String addresses = entry.own("NodeAddr");
    String broadcast = entry.own("BcastAddr");
    HostList names = hosts(entry, "NodeName", entry.name());
    HostList hosts = hosts(entry, "NodeHostname", hostnames == null ? entry.name() : hostnames);
    HostList addrs = addresses == null ? hosts : hosts(entry, "NodeAddr", addresses);
    HostList bcast = hosts(entry, "BcastAddr", broadcast);
    List<Integer> ports = ports(entry);
    boolean counted =
        fits(entry, "NodeAddr", addresses == null ? names.size() : addrs.size(), names.size())
            && fits(entry, "BcastAddr", bcast.isEmpty() ? 1 : bcast.size(), names.size());
    if (ports.size() > 1 && ports.size() != names.size()) {
      problems.error(
          entry.line(),
          "Port has "
              + ports.size()
              + " values for "
              + names.size()
              + " nodes; give one or as many");
      counted = false;
    }
    if (!counted || hosts.isEmpty() || addrs.isEmpty()) {
      return;
    }
    List<String> host = hosts.hosts();
    List<String> address = addrs.hosts();
    List<String> bcastAddress = bcast.hosts();
    int i = 0;
    for (String name : names) {
      ConfLine before = lineOfNode.putIfAbsent(name, entry.line());
      if (before != null) {
        problems.error(
            entry.line(),
            "node "
                + name
                + " is defined twice, first at "
                + before.file()
                + ":"
                + before.number());
        return;
      }
      nodes.add(
          new ConfiguredNode(
              name,
              atOrLast(host, i),
              atOrLast(address, i),
              bcastAddress.isEmpty() ? null : atOrLast(bcastAddress, i),
              atOrLast(ports, i),
              line));
      i++;
    }
  }

  private boolean fits(ConfEntry entry, String key, int count, int names) {
    boolean fits = count == 1 || count >= names;
    if (!fits) {
      problems.error(
          entry.line(),
          key + " has " + count + " values for " + names + " nodes; give one or as many");
    }
    return fits;
  }

  private HostList hosts(ConfEntry entry, String key, String expression) {
    try {
      return HostList.parse(expression);
    } catch (HostListException e) {
      problems.error(entry.line(), key + ": " + e.getMessage());
      return HostList.empty();
    }
  }

  /** Ports as 6818, 6818,6820 or [6818-6821]. */
  private List<Integer> ports(ConfEntry entry) {
    String text = entry.text("Port");
    if (text == null || text.isEmpty()) {
      return List.of(defaultPort);
    }
    boolean bare = !text.startsWith("[") && (text.contains("-") || text.contains(","));
    List<Integer> ports = new ArrayList<>();
    for (String port : hosts(entry, "Port", bare ? "[" + text + "]" : text)) {
      if (!port.matches("0*[1-9][0-9]{0,4}") || Integer.parseInt(port) > NoVal.INFINITE16) {
        problems.error(entry.line(), "Port=" + text + ": " + port + " is no port");
        return List.of(defaultPort);
      }
      ports.add(Integer.parseInt(port));
    }
    return ports.isEmpty() ? List.of(defaultPort) : ports;
  }

  private static <T> T atOrLast(List<T> list, int index) {
    return list.get(Math.min(index, list.size() - 1));
  }
}
