package baton.controller.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Cores that a node offers, on two sockets of two cores. */
class NodeCapacityTest {
  private static final NodeDefinition NODE =
      NodeDefinition.builder().cpus(4).sockets(2).coresPerSocket(2).build();

  private static BitSet offered(NodeCapacity capacity, JobRequest.Builder request) {
    return capacity.forTasks(request.build()).freeCores();
  }

  private static NodeCapacity free(int... cores) {
    BitSet free = new BitSet();
    for (int core : cores) {
      free.set(core);
    }
    return new NodeCapacity(NODE, free, 0, false, true, 0, 4);
  }

  @Test
  void coresThatNoWholeTaskFillsAreNotOffered() {
    assertEquals(
        free(1, 2).freeCores(), offered(free(1, 2, 3), JobRequest.builder().cpusPerTask(2)));
    assertEquals(
        free(1, 2, 3).freeCores(), offered(free(1, 2, 3), JobRequest.builder().cpusPerTask(1)));
  }

  @Test
  void asManyCoresAsTheTasksOfANodeNeedAreOfferedAndTheFirst() {
    JobRequest.Builder request = JobRequest.builder().tasksPerNode(2);
    assertEquals(free(0, 1).freeCores(), offered(free(0, 1, 2, 3), request));
  }

  @Test
  void eachSocketOffersAsManyCoresAsItMayHaveTasks() {
    JobRequest.Builder request = JobRequest.builder().tasksPerSocket(1);
    assertEquals(free(0, 2).freeCores(), offered(free(0, 1, 2, 3), request));
  }
}
