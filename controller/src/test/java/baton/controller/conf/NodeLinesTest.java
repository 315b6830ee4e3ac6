package baton.controller.conf;

import static baton.controller.conf.SampleConf.SMALL;
import static baton.controller.conf.SampleConf.load;
import static baton.controller.conf.SampleConf.loaded;
import static baton.controller.conf.SampleConf.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import baton.protocol.type.MemoryMiB;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeLinesTest {
  @TempDir Path directory;

  private ConfiguredNode last(SlurmConf conf) {
    return conf.nodes().get(conf.nodes().size() - 1);
  }

  /** CPUs, boards, sockets, cores, threads that slurmctld makes of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | 1 1 1 1 1 |",
        "CPUs=8 | 8 1 8 1 1 |",
        "CPUs=8 CoresPerSocket=4 | 8 1 2 4 1 |",
        "CPUs=8 CoresPerSocket=2 ThreadsPerCore=2 | 8 1 2 2 2 |",
        "Procs=8 Sockets=2 CoresPerSocket=4 ThreadsPerCore=2 | 8 1 2 4 2 |",
        "Sockets=2 CoresPerSocket=4 ThreadsPerCore=2 | 16 1 2 4 2 |",
        "Boards=2 SocketsPerBoard=2 CoresPerSocket=2 | 8 2 4 2 1 |",
        "CPUs=2 Sockets=2 CoresPerSocket=4 | 2 1 2 4 1 |",
        "CPUs=6 Sockets=2 CoresPerSocket=4 | 8 1 2 4 1 | CPUs=6 is neither Sockets, nor Sockets x"
            + " CoresPerSocket, nor Sockets x CoresPerSocket x ThreadsPerCore; CPUs=8 is taken",
        "CPUs=3 CoresPerSocket=2 | 2 1 1 2 1 | CPUs=3 is neither Sockets, nor Sockets x"
            + " CoresPerSocket, nor Sockets x CoresPerSocket x ThreadsPerCore; CPUs=2 is taken",
        "CPUs=0 | 1 1 1 1 1 | CPUs=0 makes no sense; CPUs=1 is taken",
        "Boards=4 Sockets=2 | 2 1 2 1 1 | Sockets=2 is less than Boards=4; Boards=1 is taken",
        "Sockets=4 SocketsPerBoard=2 | 2 1 2 1 1 | both Sockets and SocketsPerBoard;"
            + " SocketsPerBoard is taken",
      })
  void processors(String keys, String expected, String warning) {
    String line = "NodeName=x " + (keys == null ? "" : keys);
    ConfOutcome outcome = load(directory, SMALL + line + "\n");
    assertEquals(
        warning == null ? List.of() : List.of("slurm.conf:5: warning: " + warning),
        problems(directory, outcome));
    NodeLine node = last(((ConfOutcome.Loaded) outcome).conf()).line();
    assertEquals(
        expected,
        node.cpus()
            + " "
            + node.boards()
            + " "
            + node.sockets()
            + " "
            + node.coresPerSocket()
            + " "
            + node.threadsPerCore());
  }

  @Test
  void hostnamesAddressesAndPorts() {
    SlurmConf conf =
        loaded(
            directory,
            """
            ClusterName=t
            SlurmctldHost=c
            SlurmdPort=7000
            NodeName=a[1-2]
            NodeName=b[1-3] NodeHostname=localhost Port=7001-7003
            NodeName=c[1-2] NodeHostname=h[1-2] Port=[7011,7013]
            NodeName=d[01-02] NodeAddr=10.0.0.[1-2] Port=7020
            PartitionName=p Nodes=ALL Default=YES
            """);
    assertEquals(
        List.of(
            "a1 a1 a1 7000",
            "a2 a2 a2 7000",
            "b1 localhost localhost 7001",
            "b2 localhost localhost 7002",
            "b3 localhost localhost 7003",
            "c1 h1 h1 7011",
            "c2 h2 h2 7013",
            "d01 d01 10.0.0.1 7020",
            "d02 d02 10.0.0.2 7020"),
        conf.nodes().stream()
            .map(n -> n.name() + " " + n.hostname() + " " + n.address() + " " + n.port())
            .toList());
    assertNull(conf.nodes().get(0).broadcastAddress());
  }

  @Test
  void defaultLinesAddUpAndStandBackBehindTheLineItself() {
    SlurmConf conf =
        loaded(
            directory,
            SMALL
                + """
                nodename=default CPUs=8 RealMemory=1000 Feature=a,b State=DRAIN Weight=INFINITE
                NodeName=x1 RealMemory=2k TmpDisk=7 Features=c Reason="two words"
                NodeName=DEFAULT RealMemory=3000 State=unknown
                NodeName=x2
                """);
    List<ConfiguredNode> nodes = conf.nodes();
    NodeLine x1 = nodes.get(4).line();
    assertEquals(8, x1.cpus());
    assertEquals(new MemoryMiB(2048), x1.realMemory());
    assertEquals(7, x1.tmpDiskMiB());
    assertEquals("c", x1.features());
    assertEquals(ConfiguredNodeState.DRAIN, x1.state());
    assertEquals("two words", x1.reason());
    assertEquals(0xfffffffeL, x1.weight());
    NodeLine x2 = nodes.get(5).line();
    assertEquals(8, x2.cpus());
    assertEquals(new MemoryMiB(3000), x2.realMemory());
    assertEquals("a,b", x2.features());
    assertEquals(ConfiguredNodeState.UNKNOWN, x2.state());
    assertEquals(1, nodes.get(0).line().realMemory().value());
  }

  @Test
  void reservedCoresAndMemory() {
    ConfOutcome outcome =
        load(
            directory,
            SMALL
                + """
                NodeName=x CPUs=4 RealMemory=100 CoreSpecCount=4 MemSpecLimit=100
                NodeName=y CPUs=4 CoreSpecCount=1 CPUSpecList=0-1
                NodeName=z CPUs=4 CPUSpecList=4
                """);
    assertEquals(
        List.of(
            "slurm.conf:5: note: CoreSpecCount on NodeName lines is not honoured by Baton yet",
            "slurm.conf:5: note: MemSpecLimit on NodeName lines is not honoured by Baton yet",
            "slurm.conf:6: note: CPUSpecList on NodeName lines is not honoured by Baton yet",
            "slurm.conf:5: warning: CoreSpecCount=4 leaves no core of 4; 1 is taken",
            "slurm.conf:5: warning: MemSpecLimit=100 is not below RealMemory; 0 is taken",
            "slurm.conf:6: warning: both CoreSpecCount and CPUSpecList; CPUSpecList is taken",
            "slurm.conf:7: warning: CPUSpecList=4 is no list of CPUs below 4; ignored"),
        problems(directory, outcome));
  }

  @Test
  void downNodes() {
    SlurmConf conf =
        loaded(
            directory,
            SMALL
                + """
                DownNodes=n[1-2]
                DownNodes=n3,n9 State=DRAINED Reason="bad disk"
                """);
    assertEquals(
        List.of(
            new DownNodesLine(List.of("n1", "n2"), ConfiguredNodeState.DOWN, "Set in slurm.conf"),
            new DownNodesLine(List.of("n3"), ConfiguredNodeState.DRAIN, "bad disk")),
        conf.downNodes());
  }
}
