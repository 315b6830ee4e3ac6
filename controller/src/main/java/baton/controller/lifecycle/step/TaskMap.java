package baton.controller.lifecycle.step;

import baton.controller.model.TaskDistribution;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which task of a step runs on which of its nodes. Pure; any thread.
 *
 * <p>Block: task numbers fill one node after the other, after the number of each node was found by
 * dealing one task to each node with room in turn. Cyclic: tasks are dealt in turn. Plane: so many
 * in turn. Arbitrary: as the list of hosts says, one entry a task.
 */
public final class TaskMap {
  private final int taskCount;
  private final int[] room;
  private final int[] counts;

  private TaskMap(int taskCount, int[] room) {
    this.taskCount = taskCount;
    this.room = room;
    this.counts = new int[room.length];
  }

  /**
   * Distributes tasks.
   *
   * @param distribution as the protocol numbers it
   * @param planeSize size of a plane; for other distributions the most tasks of a node, or NO_VAL16
   * @param tasks how many tasks there are
   * @param cpus CPUs of each node that the step can use
   * @param cpusPerTask CPUs of a task on each node
   * @param packNodes what the cluster does when the distribution does not say
   * @return for each node its tasks; empty if the distribution cannot be carried out
   */
  public static Optional<List<Longs>> of(
      long distribution,
      int planeSize,
      int tasks,
      int[] cpus,
      int[] cpusPerTask,
      boolean packNodes) {
    boolean plane = TaskDistribution.base(distribution) == TaskDistribution.PLANE;
    boolean limited = planeSize != 0 && planeSize != NoVal.NO_VAL16 && !plane;
    int[] room = new int[cpus.length];
    boolean unknown = cpus.length > 0 && cpusPerTask[0] < 1;
    for (int n = 0; n < cpus.length; n++) {
      int each = unknown ? 1 : Math.max(1, cpusPerTask[n]);
      room[n] = Math.max(1, cpus[n] / each);
      if (limited) {
        room[n] = Math.min(room[n], planeSize * each);
      }
    }
    TaskMap map = new TaskMap(tasks, room);
    if (TaskDistribution.isCyclicOverNodes(distribution)) {
      return Optional.of(map.cyclic());
    }
    if (plane) {
      return planeSize == 0 || planeSize == NoVal.NO_VAL16
          ? Optional.empty()
          : Optional.of(map.plane(planeSize));
    }
    boolean pack = (distribution & TaskDistribution.PACK_NODES) != 0;
    boolean spread = (distribution & TaskDistribution.NO_PACK_NODES) != 0;
    return Optional.of(pack || (packNodes && !spread) ? map.packed() : map.block());
  }

  /**
   * One entry of a list of hosts for each task.
   *
   * @param nodes the step's nodes
   * @param hosts host of each task
   */
  public static List<Longs> arbitrary(List<String> nodes, List<String> hosts) {
    List<List<Long>> tasks = new ArrayList<>();
    nodes.forEach(node -> tasks.add(new ArrayList<>()));
    for (int task = 0; task < hosts.size(); task++) {
      int node = nodes.indexOf(hosts.get(task));
      if (node >= 0) {
        tasks.get(node).add((long) task);
      }
    }
    return tasks.stream().map(Longs::copyOf).toList();
  }

  private List<Longs> cyclic() {
    List<List<Long>> tasks = new ArrayList<>();
    Arrays.stream(room).forEach(ignored -> tasks.add(new ArrayList<>()));
    int lacking = Math.max(0, taskCount - Arrays.stream(room).sum());
    int beyond = (lacking + room.length - 1) / room.length;
    int task = 0;
    for (int round = 0; task < taskCount; round++) {
      for (int n = 0; n < room.length && task < taskCount; n++) {
        if (round < room[n] + beyond) {
          tasks.get(n).add((long) task++);
        }
      }
    }
    return tasks.stream().map(Longs::copyOf).toList();
  }

  private List<Longs> block() {
    boolean over = false;
    int placed = 0;
    for (int round = 0; placed < taskCount; round++) {
      boolean left = false;
      for (int n = 0; n < room.length && placed < taskCount; n++) {
        if (round < room[n] || over) {
          counts[n]++;
          placed++;
          left |= round + 1 < room[n];
        }
      }
      over |= !left;
    }
    return inOrder();
  }

  private List<Longs> packed() {
    int placed = 0;
    for (int n = 0; n < room.length && placed < taskCount; n++) {
      counts[n] = 1;
      placed++;
    }
    for (int n = 0; n < room.length; n++) {
      int more = Math.max(0, Math.min(room[n] - counts[n], taskCount - placed));
      counts[n] += more;
      placed += more;
    }
    for (int n = 0; placed < taskCount; n = (n + 1) % room.length) {
      counts[n]++;
      placed++;
    }
    return inOrder();
  }

  private List<Longs> inOrder() {
    List<Longs> tasks = new ArrayList<>();
    long next = 0;
    for (int count : counts) {
      long[] ids = new long[count];
      for (int i = 0; i < count; i++) {
        ids[i] = next++;
      }
      tasks.add(Longs.owning(ids));
    }
    return tasks;
  }

  private List<Longs> plane(int size) {
    countPlanes(size);
    List<List<Long>> tasks = new ArrayList<>();
    Arrays.stream(room).forEach(ignored -> tasks.add(new ArrayList<>()));
    int task = 0;
    while (task < taskCount) {
      for (int n = 0; n < room.length; n++) {
        for (int k = 0; k < size && tasks.get(n).size() < counts[n] && task < taskCount; k++) {
          tasks.get(n).add((long) task++);
        }
      }
    }
    return tasks.stream().map(Longs::copyOf).toList();
  }

  /** One task to each node first; then a plane to each in turn, as long as there is room. */
  private void countPlanes(int size) {
    int placed = 0;
    for (int n = 0; n < room.length && placed < taskCount; n++) {
      counts[n]++;
      placed++;
    }
    boolean over = false;
    for (int round = 0; placed < taskCount; round++) {
      boolean left = false;
      for (int n = 0; n < room.length && placed < taskCount; n++) {
        for (int k = round == 0 ? 1 : 0; k < size && placed < taskCount; k++) {
          // a node that was overfilled once counts as having room, as in Slurm
          if (room[n] != counts[n] || over) {
            counts[n]++;
            placed++;
            left |= room[n] - (counts[n] + 1) >= 0;
          }
        }
      }
      over |= !left;
    }
  }
}
