package baton.controller.conf;

import static baton.controller.conf.SampleConf.SMALL;
import static baton.controller.conf.SampleConf.load;
import static baton.controller.conf.SampleConf.loaded;
import static baton.controller.conf.SampleConf.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlurmConfTest {
  @TempDir Path directory;

  @Test
  void defaultsOfTheReleaseStoodInFor() {
    SlurmConf conf = loaded(directory, SMALL);
    assertEquals("test", conf.clusterName());
    assertEquals(List.of(new ControllerHost("ctl", "ctl")), conf.controllers());
    assertEquals(6817, conf.slurmctldPort());
    assertEquals(1, conf.slurmctldPortCount());
    assertEquals(6818, conf.slurmdPort());
    assertEquals(new SlurmUser("root", Uid.ROOT), conf.slurmUser());
    assertEquals("auth/munge", conf.authType());
    assertEquals(1, conf.firstJobId());
    assertEquals(67043328, conf.maxJobId());
    assertEquals(10000, conf.maxJobCount());
    assertEquals(Duration.ofMinutes(5), conf.minJobAge());
    assertEquals(Duration.ofSeconds(30), conf.killWait());
    assertEquals(Duration.ofMinutes(5), conf.slurmdTimeout());
    assertEquals(Duration.ofMinutes(2), conf.slurmctldTimeout());
    assertEquals(Duration.ofSeconds(10), conf.messageTimeout());
    assertEquals(50, conf.treeWidth());
    assertEquals("select/linear", conf.selectType());
    assertEquals(Set.of(), conf.selectTypeParameters());
    assertEquals(MemoryLimit.NONE, conf.defaultMemory());
    assertEquals(EnforcePartLimits.NO, conf.enforcePartLimits());
    assertTrue(conf.jobRequeue());
    assertEquals(0, conf.returnToService());
    assertEquals(
        new HealthCheck(null, Duration.ZERO, Set.of(HealthCheck.Word.ANY)), conf.healthCheck());
  }

  @Test
  void defaultsOfANewerRelease() {
    Path file = SampleConf.write(directory, "slurm.conf", SMALL);
    ConfOutcome outcome = SlurmConf.load(file, Release.V26_05, SampleConf.HOST);
    SlurmConf conf = assertInstanceOf(ConfOutcome.Loaded.class, outcome).conf();
    assertEquals(16, conf.treeWidth());
    assertEquals("select/cons_tres", conf.selectType());
    assertEquals(
        Set.of(SelectTypeParameter.CR_CORE, SelectTypeParameter.CR_MEMORY),
        conf.selectTypeParameters());
  }

  @Test
  void valuesAsSet() {
    SlurmConf conf =
        loaded(
            directory,
            SMALL
                + """
                slurmctldhost=backup(10.0.0.2)
                SLURMCTLDPORT=7000-7003
                SlurmUser=slurm
                SelectType=select/cons_tres
                SelectTypeParameters=CR_CPU_Memory,CR_LLN
                PrologFlags=x11
                DefMemPerCPU=100
                MaxMemPerNode=4k
                EnforcePartLimits=any
                KillWait=0x20
                MaxJobCount=500
                FirstJobId=1000
                MaxJobId=1099
                HealthCheckInterval=60
                HealthCheckNodeState=IDLE,CYCLE
                HealthCheckProgram="/opt/check me"
                SlurmctldParameters=enable_configless,foo=bar
                """);
    assertEquals(new ControllerHost("backup", "10.0.0.2"), conf.controllers().get(1));
    assertEquals(7000, conf.slurmctldPort());
    assertEquals(4, conf.slurmctldPortCount());
    assertEquals(Uid.of(64030), conf.slurmUser().uid());
    assertEquals(0x4011, SelectTypeParameter.bits(conf.selectTypeParameters()));
    assertEquals(0x15, PrologFlag.bits(conf.prologFlags()));
    assertEquals(new MemoryLimit(100, true), conf.defaultMemory());
    assertEquals(new MemoryLimit(4096, false), conf.maxMemory());
    assertEquals(EnforcePartLimits.ANY, conf.enforcePartLimits());
    assertEquals(Duration.ofSeconds(32), conf.killWait());
    assertEquals(100, conf.maxJobCount());
    assertEquals("/opt/check me", conf.healthCheck().program());
    assertEquals(0x8001, conf.healthCheck().bits(Release.V22_05));
    assertEquals(0x101, conf.healthCheck().bits(Release.V26_05));
    assertTrue(conf.hasSlurmctldParameter("Enable_Configless"));
    assertTrue(conf.hasSlurmctldParameter("foo"));
    assertFalse(conf.hasSlurmctldParameter("bar"));
  }

  @Test
  void localhostIsThisHostAndOldNamesStillWork() {
    SlurmConf conf =
        loaded(
            directory,
            """
            ClusterName=t
            ControlMachine=localhost
            BackupController=b
            BackupAddr=10.0.0.3
            NodeName=n1
            PartitionName=p Nodes=n1
            """);
    assertEquals(
        List.of(new ControllerHost("ctl", "localhost"), new ControllerHost("b", "10.0.0.3")),
        conf.controllers());
  }

  /** Each line is refused alone, as line 5. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "KillWait=abc | KillWait=abc is not a number",
        "KillWait=30 MinJobAge=5 | after KillWait=30 stands \"MinJobAge=5\"; one key to a line",
        "KillWait | not a Key=Value statement: \"KillWait\"",
        "KillWait= | not a Key=Value statement: \"KillWait=\"",
        "SlurmctldPort=6817-6816 | SlurmctldPort=6817-6816 must be a port or a range first-last",
        "SlurmctldPort=x | SlurmctldPort=x must be a port or a range first-last",
        "SlurmdPort=70000 | SlurmdPort=70000 is no port",
        "SlurmctldHost=a(b | SlurmctldHost=a(b must be name or name(address)",
        "SlurmUser=nobody-here | SlurmUser=nobody-here: there is no such user",
        "MaxJobCount=0 | MaxJobCount=0 allows no jobs",
        "SelectTypeParameters=CR_CPU,CR_Core | SelectTypeParameters=CR_CPU,CR_Core: a word is unknown, or words exclude others",
        "PrologFlags=Alloc,Foo | PrologFlags=Alloc,Foo: a word is unknown, or words exclude others",
        "EnforcePartLimits=some | EnforcePartLimits=some: a word is unknown, or words exclude others",
        "PreemptMode=SUSPEND | PreemptMode=SUSPEND must be one of OFF, CANCEL, REQUEUE, or SUSPEND,GANG",
        "NodeName=n5 CPUs=x | CPUs=x is not a number",
        "NodeName=n5 CPUs=2 foo | not a Key=Value: \"foo\"",
        "NodeName=n[5 | NodeName: '[' without ']' in host list: \"n[5\"",
        "NodeName=n4 | node n4 is defined twice, first at slurm.conf:3",
        "NodeName=ALL | NodeName=ALL: a node cannot have that name",
        "NodeName=n5 State=BROKEN | State=BROKEN is no node state",
        "NodeName=n[5-9] Port=1,2 | Port has 2 values for 5 nodes; give one or as many",
        "NodeName=n5 Port=0 | Port=0: 0 is no port",
        "NodeName=n[5-9] NodeAddr=a[1-2] | NodeAddr has 2 values for 5 nodes; give one or as many",
        "NodeName=DEFAULT NodeAddr=x | NodeAddr is not allowed with NodeName=DEFAULT",
        "PartitionName=p Nodes=n9 | node n9 is in no NodeName line",
        "PartitionName=debug | partition debug is defined twice, first at slurm.conf:4",
        "PartitionName=p MaxTime=x | MaxTime=x is no time (minutes, h:m:s, days-hours or UNLIMITED)",
        "PartitionName=p State=MAYBE | State=MAYBE must be UP, DOWN, DRAIN or INACTIVE",
        "PartitionName=p OverSubscribe=SOME | OverSubscribe=SOME must be NO, EXCLUSIVE, YES[:jobs] or FORCE[:jobs]",
        "PartitionName=p Default=2 | Default=2 must be YES or NO",
        "include missing.conf | cannot read missing.conf: no such file",
        "include a b | Include must be followed by one file name and nothing else",
      })
  void refusals(String line, String message) {
    ConfOutcome outcome = load(directory, SMALL + line + "\n");
    assertInstanceOf(ConfOutcome.Refused.class, outcome);
    assertTrue(
        problems(directory, outcome).contains("slurm.conf:5: error: " + message),
        problems(directory, outcome).toString());
  }

  @Test
  void refusalsOfTheFileAsAWhole() {
    assertEquals(
        List.of(
            "slurm.conf: error: ClusterName must be set",
            "slurm.conf: error: SlurmctldHost must be set",
            "slurm.conf: error: FirstJobId=5 must be from 1 to MaxJobId=4",
            "slurm.conf: error: no partition is defined; add PartitionName lines"),
        problems(directory, load(directory, "FirstJobId=5\nMaxJobId=4\n")));
    assertEquals(
        List.of(
            "slurm.conf: error: no node is defined; add NodeName lines",
            "slurm.conf: warning: no partition has Default=YES; jobs must name one"),
        problems(directory, load(directory, "ClusterName=t\nSlurmctldHost=c\nPartitionName=p\n")));
    assertEquals(
        List.of("none.conf: error: cannot read none.conf: no such file"),
        problems(
            directory,
            SlurmConf.load(directory.resolve("none.conf"), Release.V22_05, SampleConf.HOST)));
  }

  @Test
  void whatIsAcceptedIsReportedOnce() {
    ConfOutcome outcome =
        load(
            directory,
            SMALL
                + """
                Gadget=1
                gadget=2 more="x y"
                JobCompType=jobcomp/none
                KillWait=10
                KillWait=20
                NodeName=n5 Color=red Gres=gpu:1 CPUs=1 CPUs=2
                NodeName=n6 Color=blue Gres=gpu:1
                Prolog=/etc/slurm/prolog
                """);
    assertInstanceOf(ConfOutcome.Loaded.class, outcome);
    assertEquals(
        List.of(
            "slurm.conf:5: note: unknown key Gadget: without effect",
            "slurm.conf:7: note: JobCompType is not honoured by Baton yet",
            "slurm.conf:9: warning: KillWait was set before (slurm.conf:8); the last value counts",
            "slurm.conf:10: note: unknown key Color on NodeName lines: without effect",
            "slurm.conf:10: note: Gres on NodeName lines is not honoured by Baton yet",
            "slurm.conf:10: warning: CPUs stands twice on the line; the last value counts"),
        problems(directory, outcome));
    SlurmConf conf = ((ConfOutcome.Loaded) outcome).conf();
    assertEquals(Duration.ofSeconds(20), conf.killWait());
  }

  @Test
  void includes() {
    SampleConf.write(directory, "nodes.conf", "NodeName=n5 \\\n CPUs=2\ninclude more/x.conf\n");
    directory.resolve("more").toFile().mkdir();
    SampleConf.write(directory, "more/x.conf", "include y.conf\nNodeName=n6 Bad=");
    SampleConf.write(directory, "more/y.conf", "NodeName=n7\n");
    SampleConf.write(directory, "test.conf", "NodeName=n8\n");
    String includes = "INCLUDE nodes.conf\ninclude  %c.conf  # the cluster's\n";
    ConfOutcome outcome = load(directory, SMALL + includes);
    assertEquals(
        List.of("more/x.conf:2: error: not a Key=Value: \"Bad=\""), problems(directory, outcome));
    SampleConf.write(directory, "more/x.conf", "include y.conf\nNodeName=n6");
    SlurmConf conf = loaded(directory, SMALL + includes);
    assertEquals(
        List.of("n1", "n2", "n3", "n4", "n5", "n7", "n6", "n8"),
        conf.nodes().stream().map(ConfiguredNode::name).toList());
    // As slurmctld tells configless nodes: each name given without a directory.
    assertEquals(List.of("y.conf", "nodes.conf", "test.conf"), conf.includedNames());
  }

  @Test
  void includesThatIncludeThemselvesEnd() {
    SampleConf.write(directory, "loop.conf", "include loop.conf\n");
    List<String> problems = problems(directory, load(directory, SMALL + "include loop.conf\n"));
    assertEquals(
        List.of("loop.conf:1: error: Include nested more than 16 deep; does it include itself?"),
        problems);
  }

  @Test
  void manyIncludesThatIncludeThemselvesEndToo() {
    SampleConf.write(directory, "loop.conf", "include loop.conf\n".repeat(40));
    ConfOutcome outcome = load(directory, SMALL + "include loop.conf\n");
    assertInstanceOf(ConfOutcome.Refused.class, outcome);
    assertTrue(outcome.problems().size() <= 1000);
  }
}
