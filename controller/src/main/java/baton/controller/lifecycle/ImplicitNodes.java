package baton.controller.lifecycle;

import baton.controller.model.JobRequest;
import baton.protocol.type.NoVal;

/**
 * From 26.05 a number of tasks is also the highest number of nodes, where none was asked for. Pure;
 * any thread.
 */
public final class ImplicitNodes {
  private ImplicitNodes() {}

  /** True if no highest number of nodes was asked for, but a number of tasks. */
  public static boolean areMeant(JobRequest request) {
    return request.maxNodes() == 0
        && request.taskCount() != 0
        && request.taskCount() != NoVal.NO_VAL;
  }

  /** The highest number of nodes that follows from the tasks; only where it is meant. */
  public static long most(JobRequest request) {
    int each = request.tasksPerNode();
    return each > 0 ? (request.taskCount() + each - 1) / each : request.taskCount();
  }
}
