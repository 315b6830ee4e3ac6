package baton.controller.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.model.ClusterConfig;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.PriorityConfig;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes of four CPUs, and what each factor makes of a job there. */
class MultifactorTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final long OFFSET = 0x80000000L;
  private static final Partition LOW = partition("low", 5);
  private static final Partition HIGH = partition("high", 20);

  private static Partition partition(String name, int factor) {
    return Partition.builder()
        .name(PartitionName.of(name))
        .members(List.of(NodeName.of("n1"), NodeName.of("n2")))
        .priorityJobFactor(factor)
        .maxTimeMinutes(100)
        .build();
  }

  private static Multifactor with(PriorityConfig.Builder priority) {
    NodeDefinition node =
        NodeDefinition.builder().name(NodeName.of("n1")).cpus(4).realMemoryMiB(1000).build();
    NodeDefinition other = node.toBuilder().name(NodeName.of("n2")).build();
    ClusterConfig config =
        ClusterConfig.builder()
            .priorityType("priority/multifactor")
            .nodes(List.of(node, other))
            .priority(priority.build())
            .build();
    return Multifactor.of(config, List.of(LOW, HIGH));
  }

  private static JobRequest.Builder request() {
    return JobRequest.builder()
        .minCpus(2)
        .minNodes(1)
        .memoryMiB(500)
        .nice(OFFSET)
        .siteFactor(OFFSET);
  }

  private static Multifactor.Factors factors(Multifactor multifactor, JobRequest request) {
    return multifactor.of(request, LOW, 60, NOW.minusSeconds(50), NOW);
  }

  @Test
  void ageGrowsUntilTheMost() {
    Multifactor multifactor = with(PriorityConfig.builder().weightAge(1000).maxAgeSeconds(100));
    assertEquals(500, factors(multifactor, request().build()).age());
    assertEquals(
        1000, multifactor.of(request().build(), LOW, 60, NOW.minusSeconds(500), NOW).age());
    assertEquals(0, multifactor.of(request().build(), LOW, 60, null, NOW).age());
    assertEquals(0, multifactor.of(request().build(), LOW, 60, NOW.plusSeconds(5), NOW).age());
  }

  @Test
  void sizeIsTheShareOfNodesAndCpus() {
    PriorityConfig.Builder priority = PriorityConfig.builder().weightJobSize(1000);
    assertEquals(375, factors(with(priority), request().build()).size());
    assertEquals(625, factors(with(priority.favorSmall(true)), request().build()).size());
    Multifactor relative = with(PriorityConfig.builder().weightJobSize(6000).flags(0x4));
    assertEquals(50, factors(relative, request().build()).size());
  }

  @Test
  void partitionsAreWeighedAgainstTheTopOne() {
    PriorityConfig.Builder priority = PriorityConfig.builder().weightPartition(100);
    assertEquals(25, factors(with(priority), request().build()).partition());
    assertEquals(500, factors(with(priority.flags(0x100)), request().build()).partition());
  }

  @Test
  void tresAreSharesOfThePartition() {
    Multifactor multifactor = with(PriorityConfig.builder().weightTres("CPU=400,Mem=1000"));
    List<Double> tres = factors(multifactor, request().build()).tres();
    assertEquals(100, tres.get(0));
    assertEquals(250, tres.get(1));
    assertEquals(350, factors(multifactor, request().build()).priority());
  }

  @Test
  void niceTakesOffAndNothingIsBelowOne() {
    Multifactor multifactor = with(PriorityConfig.builder().weightAge(1000).maxAgeSeconds(100));
    assertEquals(450, factors(multifactor, request().nice(OFFSET + 50).build()).priority());
    assertEquals(1, factors(multifactor, request().nice(OFFSET + 5000).build()).priority());
    assertEquals(570, factors(multifactor, request().siteFactor(OFFSET + 70).build()).priority());
  }

  @Test
  void wordsThatNobodyKnowsCountNothing() {
    assertTrue(with(PriorityConfig.builder()).tresWeights().isEmpty());
    List<Double> weights =
        with(PriorityConfig.builder().weightTres("bogus=1,cpu,=,mem=x")).tresWeights();
    assertTrue(weights.stream().allMatch(weight -> weight == 0));
  }
}
