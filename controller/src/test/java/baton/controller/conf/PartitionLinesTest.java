package baton.controller.conf;

import static baton.controller.conf.SampleConf.loaded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.NoVal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionLinesTest {
  private static final String NODES =
      """
      ClusterName=t
      SlurmctldHost=c
      NodeName=n[1-4] Feature=big
      NodeName=m[1-2]
      """;

  @TempDir Path directory;

  private PartitionLine partition(String lines) {
    List<PartitionLine> partitions = loaded(directory, NODES + lines + "\n").partitions();
    return partitions.get(partitions.size() - 1);
  }

  @Test
  void defaults() {
    PartitionLine p = partition("PartitionName=p");
    assertEquals("p", p.name());
    assertNull(p.nodes());
    assertEquals(List.of(), p.members());
    assertFalse(p.isDefault());
    assertEquals(PartitionLine.State.UP, p.state());
    assertEquals(3, p.state().bits());
    assertEquals(NoVal.INFINITE, p.maxTimeMinutes());
    assertEquals(NoVal.NO_VAL, p.defaultTimeMinutes());
    assertEquals(0, p.minNodes());
    assertEquals(NoVal.INFINITE, p.maxNodes());
    assertEquals(NoVal.INFINITE, p.maxCpusPerNode());
    assertEquals(1, p.share().bits());
    assertEquals(1, p.priorityTier());
    assertEquals(1, p.priorityJobFactor());
    assertEquals(NoVal.NO_VAL16, p.overTimeLimitMinutes());
    assertEquals(NoVal.NO_VAL16, p.preemptMode());
    assertEquals(MemoryLimit.NONE, p.defaultMemory());
    assertEquals(MemoryLimit.NONE, p.maxMemory());
    assertFalse(p.noRootJobs());
    assertNull(p.allowGroups());
  }

  @Test
  void valuesAndDefaultLines() {
    PartitionLine p =
        partition(
            """
            DisableRootJobs=YES
            PartitionName=DEFAULT MaxTime=1-0 DefMemPerNode=10 State=DOWN ExclusiveUser=YES
            PartitionName=DEFAULT DefaultTime=30:00 Shared=YES AllowAccounts=Bio,Chem
            PartitionName=p Nodes="m2 n[2-3]" State=INACTIVE PriorityTier=5 MaxMemPerCPU=20""");
    assertEquals("m2,n[2-3]", p.nodes());
    assertEquals(List.of("n2", "n3", "m2"), p.members());
    assertEquals(PartitionLine.State.INACTIVE, p.state());
    assertEquals(1440, p.maxTimeMinutes());
    assertEquals(30, p.defaultTimeMinutes());
    assertEquals(new PartitionLine.Share(4, false), p.share());
    assertEquals(new MemoryLimit(10, false), p.defaultMemory());
    assertEquals(0x8000000000000014L, p.maxMemory().bits());
    assertEquals(5, p.priorityTier());
    assertEquals("bio,chem", p.allowAccounts());
    assertTrue(p.noRootJobs());
    assertFalse(p.exclusiveUser());
  }

  @ParameterizedTest
  @CsvSource({
    "NO, 1",
    "exclusive, 0",
    "YES, 4",
    "YES:3, 3",
    "FORCE, 0x8004",
    "force:1, 0x8001",
    "FORCE:12x, 0x800c",
    "YES:1, 1",
    "FORCE:0, 1",
  })
  void sharing(String text, String bits) {
    PartitionLine p = partition("PartitionName=p OverSubscribe=" + text);
    assertEquals(Integer.decode(bits), p.share().bits());
  }

  @Test
  void nodeSetsAndAll() {
    PartitionLine p =
        partition(
            """
            NodeSet=bigones Feature=big
            NodeSet=two Nodes=m1,n1
            PartitionName=p Nodes=two,n4,two
            PartitionName=q Nodes=bigones,m2
            PartitionName=r Nodes=all""");
    SlurmConf conf =
        loaded(
            directory,
            NODES
                + """
                NodeSet=bigones Feature=big
                NodeSet=two Nodes=m1,n1
                PartitionName=p Nodes=two,n4,two
                PartitionName=q Nodes=bigones,m2
                """);
    assertEquals(List.of("n1", "n2", "n3", "n4", "m1", "m2"), p.members());
    assertEquals(List.of("n1", "n4", "m1"), conf.partitions().get(0).members());
    assertEquals(List.of("n1", "n2", "n3", "n4", "m2"), conf.partitions().get(1).members());
  }

  @Test
  void theLastDefaultPartitionWins() {
    SlurmConf conf =
        loaded(directory, NODES + "PartitionName=a Default=YES\nPartitionName=b Default=YES\n");
    assertFalse(conf.partitions().get(0).isDefault());
    assertTrue(conf.partitions().get(1).isDefault());
  }

  @Test
  void defaultTimeBeyondMaxTimeIsDropped() {
    assertEquals(
        NoVal.NO_VAL, partition("PartitionName=p MaxTime=10 DefaultTime=20").defaultTimeMinutes());
  }
}
