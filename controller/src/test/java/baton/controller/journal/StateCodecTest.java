package baton.controller.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Crontab;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobState;
import baton.controller.model.LineRange;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.Step;
import baton.controller.model.StepKey;
import baton.controller.model.StepShare;
import baton.controller.model.collection.SortedTable;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.Uid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StateCodecTest {
  private static byte[] bytes(ClusterState state) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StateCodec.write(state, out);
    return out.toByteArray();
  }

  private static ClusterState some() {
    NodeDefinition definition = NodeDefinition.builder().name(NodeName.of("n1")).build();
    Node node = Node.builder().name(definition.name()).definition(definition).build();
    Job job =
        Job.builder()
            .id(JobId.of(7))
            .state(JobState.COMPLETE)
            .stateFlags(JobFlag.COMPLETING)
            .partition(PartitionName.of("main"))
            .submitTime(Instant.ofEpochSecond(1_700_000_000))
            .build();
    Partition partition = Partition.builder().name(PartitionName.of("main")).build();
    Effect effect =
        Effect.builder()
            .id(EffectId.of(3))
            .kind(EffectKind.TERMINATE_JOB)
            .jobId(job.id())
            .nodes(List.of(node.name()))
            .build();
    return ClusterState.of(
        ClusterConfig.builder().clusterName("test").nodes(List.of(definition)).build(),
        ClusterFacts.builder().nextJobId(JobId.of(8)).nextEffectId(EffectId.of(4)).build(),
        SortedTable.<JobId, Job>empty().with(job.id(), job),
        SortedTable.<NodeName, Node>empty().with(node.name(), node),
        SortedTable.<PartitionName, Partition>empty().with(partition.name(), partition),
        SortedTable.<EffectId, Effect>empty().with(effect.id(), effect),
        SortedTable.<StepKey, Step>empty().with(StepKey.of(step()), step()),
        SortedTable.<Uid, Crontab>empty().with(crontab().userId(), crontab()));
  }

  private static Crontab crontab() {
    return Crontab.builder()
        .userId(Uid.of(2001))
        .text("@daily true\n")
        .disabledLines(List.of(LineRange.builder().last(1).build()))
        .build();
  }

  private static Step step() {
    return Step.builder()
        .jobId(JobId.of(7))
        .stepId(2)
        .state(JobState.RUNNING)
        .shares(
            List.of(StepShare.builder().node(NodeName.of("n1")).taskIds(Longs.of(0, 1)).build()))
        .build();
  }

  @Test
  void aStateIsReadAsItWasWritten() throws IOException {
    ClusterState state = some();
    byte[] written = bytes(state);
    ClusterState read = StateCodec.read(new ByteArrayInputStream(written));
    assertEquals(state.config(), read.config());
    assertEquals(state.facts(), read.facts());
    assertEquals(state.jobs(), read.jobs());
    assertEquals(state.nodes(), read.nodes());
    assertEquals(state.partitions(), read.partitions());
    assertEquals(state.crontabs(), read.crontabs());
    assertEquals(state.effects(), read.effects());
    assertEquals(state.effectsByJob().get(JobId.of(7)), read.effectsByJob().get(JobId.of(7)));
    assertArrayEquals(written, bytes(read));
  }

  @Test
  void nothingButAWholeStateIsRead() throws IOException {
    byte[] written = bytes(some());
    for (int length = 0; length < written.length; length++) {
      byte[] cut = Arrays.copyOf(written, length);
      assertThrows(IOException.class, () -> StateCodec.read(new ByteArrayInputStream(cut)));
    }
    byte[] newer = written.clone();
    newer[1] = 99;
    IOException refusal =
        assertThrows(IOException.class, () -> StateCodec.read(new ByteArrayInputStream(newer)));
    assertEquals("a state of format 99, unknown here", refusal.getMessage());
  }

  @Test
  void scriptsAndEnvironmentsAreKeptToTheByte() {
    String odd = "#!/bin/sh\necho \u00fc \udcff\n";
    assertEquals(odd, JobText.toScript(JobText.ofScript(odd)));
    List<String> variables = List.of("A=1", "", "B=\udc80", "C=\u20ac");
    assertEquals(variables, JobText.toEnvironment(JobText.ofEnvironment(variables)));
  }
}
