package baton.controller.lifecycle.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class TaskMapTest {
  /**
   * Maps that slurmctld 22.05.8 made: distribution, plane, tasks, CPUs of nodes, CPUs of a task.
   */
  @ParameterizedTest
  @CsvFileSource(resources = "/task-maps.csv", numLinesToSkip = 1)
  void mapsAreThoseOfSlurmctld(
      String what, int distribution, int plane, int tasks, String cpus, int each, String expected) {
    int[] nodes = Arrays.stream(cpus.split(" ")).mapToInt(Integer::parseInt).toArray();
    int[] perTask = new int[nodes.length];
    Arrays.fill(perTask, each);
    List<Longs> map =
        TaskMap.of(distribution, plane == 0 ? NoVal.NO_VAL16 : plane, tasks, nodes, perTask, false)
            .orElseThrow();
    assertEquals(expected, text(map), what);
  }

  @Test
  void anArbitraryMapFollowsTheListOfHosts() {
    assertEquals(
        "0 3/1 2", text(TaskMap.arbitrary(List.of("n1", "n2"), List.of("n1", "n2", "n2", "n1"))));
  }

  private static String text(List<Longs> map) {
    return map.stream()
        .map(ids -> ids.stream().mapToObj(Long::toString).collect(Collectors.joining(" ")))
        .collect(Collectors.joining("/"));
  }
}
