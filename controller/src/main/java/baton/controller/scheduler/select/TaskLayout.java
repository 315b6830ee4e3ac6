package baton.controller.scheduler.select;

import baton.controller.lifecycle.NodeCapacity;
import baton.controller.model.JobRequest;
import baton.protocol.type.NoVal;
import java.util.List;

/**
 * How many tasks, and CPUs for them, each chosen node gets: one task everywhere, then core by core
 * around the nodes.
 */
final class TaskLayout {
  private final JobRequest request;
  private final int[] available;
  private final int[] perCore;
  private final int cpusPerTask;

  /** CPUs that each node's tasks use. */
  final int[] cpus;

  /** Tasks of each node. */
  final int[] tasks;

  /**
   * Lays out.
   *
   * @param offers the chosen nodes
   * @param available CPUs taken on each
   * @param asGiven whether a given number of tasks is laid out as it is
   */
  TaskLayout(JobRequest request, List<NodeOffer> offers, int[] available, boolean asGiven) {
    this.request = request;
    this.available = available;
    this.cpus = new int[available.length];
    this.tasks = new int[available.length];
    this.perCore =
        offers.stream()
            .mapToInt(offer -> NodeCapacity.cpusOfCore(offer.node().definition()))
            .toArray();
    this.cpusPerTask = NodeCapacity.cpusPerTask(request);
    boolean counted = request.taskCount() != NoVal.NO_VAL && request.taskCount() > 0;
    layOut(asGiven && counted && !request.overcommit() ? request.taskCount() : mostTasks());
  }

  private long mostTasks() {
    int nodes = available.length;
    long most = (long) nodes * Math.max(1, request.tasksPerNode());
    most = Math.max(most, Math.max(request.minCpus(), (long) nodes * request.minCpusPerNode()));
    if (request.overcommit()) {
      return nodes;
    }
    if (cpusPerTask > 1) {
      most =
          request.tasksPerNode() == 0 ? most / cpusPerTask : (long) request.tasksPerNode() * nodes;
    }
    return Math.max(1, most);
  }

  private void layOut(long most) {
    long placed = 0;
    for (int n = 0; n < available.length && placed < most; n++) {
      place(n);
      placed++;
    }
    boolean progress = true;
    while (placed < most && progress) {
      progress = false;
      for (int n = 0; n < available.length && placed < most; n++) {
        int together = Math.max(1, perCore[n] / cpusPerTask);
        int begun = cpus[n] % perCore[n];
        if (begun != 0) {
          together = Math.max(1, (perCore[n] - begun) / cpusPerTask);
        }
        for (int t = 0; t < together && placed < most && hasRoom(n); t++) {
          place(n);
          placed++;
          progress = true;
        }
      }
    }
  }

  private boolean hasRoom(int n) {
    boolean limited = request.tasksPerNode() > 0 && tasks[n] >= request.tasksPerNode();
    return !limited && available[n] - cpus[n] >= cpusPerTask;
  }

  private void place(int n) {
    tasks[n]++;
    cpus[n] = Math.min(available[n], cpus[n] + cpusPerTask);
  }

  /** The tasks that the job has asked for, as far as they were laid out here. */
  int taskCount(int n) {
    return request.taskCount() == NoVal.NO_VAL ? 1 : Math.min(tasks[n], 0xffff);
  }
}
