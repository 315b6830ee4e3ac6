package baton.controller.lifecycle.step;

import baton.controller.model.NodeAllocation;
import baton.controller.model.StepFlag;
import baton.controller.model.StepRequest;
import baton.controller.model.StepShare;
import baton.controller.model.TaskDistribution;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a step gets of its job, or why it gets nothing: nodes, the tasks of each, cores, CPUs and
 * memory. Pure; any thread.
 */
public final class StepPlacement {
  private static final long PER_CPU = 1L << 63;
  private static final int PACK_NODES = 0x200;

  /**
   * A place for a step.
   *
   * @param shares by node, in the job's order; empty when refused
   * @param nodeList the nodes as srun is told them
   * @param taskCount tasks
   * @param cpusPerTask CPUs of each; 0 if they do not divide evenly
   * @param cpuCount CPUs of the job that it takes
   * @param memory memory in force, as in the request
   * @param memoryForAll true when it has all memory of its nodes, uncounted
   * @param nextNode the node that the job's next step is offered first, by its number in the job;
   *     of a step that was refused, too
   * @param refusal null unless refused
   */
  public record Place(
      List<StepShare> shares,
      String nodeList,
      long taskCount,
      int cpusPerTask,
      long cpuCount,
      long memory,
      boolean memoryForAll,
      int nextNode,
      SlurmError refusal) {
    public Place {
      shares = List.copyOf(shares);
    }

    static Place refused(int nextNode, SlurmError refusal) {
      return new Place(List.of(), null, 0, 0, 0, 0, false, nextNode, refusal);
    }
  }

  private final StepRoom room;
  private final StepRequest request;
  private final long cpusAsked;
  private final int cpusPerTask;

  private StepPlacement(StepRoom room, StepRequest asked) {
    boolean overcommit = (asked.flags() & StepFlag.OVERCOMMIT) != 0;
    boolean noMemory = asked.memory() == PER_CPU || asked.memory() == NoVal.NO_VAL64;
    this.room = room;
    this.cpusAsked = asked.cpuCount();
    this.request =
        asked.toBuilder()
            .cpuCount(overcommit ? 0 : asked.cpuCount())
            .memory(noMemory ? 0 : asked.memory())
            .build();
    this.cpusPerTask = evenCpusPerTask();
  }

  /**
   * Places a step.
   *
   * @param room what the job has left
   * @param request what is asked, with its distribution decided
   * @param isNode tells names of the cluster's nodes
   */
  public static Place of(StepRoom room, StepRequest request, Predicate<String> isNode) {
    return new StepPlacement(room, request).place(isNode);
  }

  /** CPUs of each task, when they divide evenly and the job's nodes have room for all tasks so. */
  private int evenCpusPerTask() {
    long tasks = request.taskCount();
    if (request.cpuCount() == 0 || tasks == 0 || request.cpuCount() % tasks != 0) {
      return 0;
    }
    long each = Math.max(1, request.cpuCount() / tasks);
    long fit = 0;
    for (int n = 0; n < room.size(); n++) {
      int cpus = room.held(n).cpuCount();
      if (each > cpus) {
        return 0;
      }
      fit += cpus / each;
    }
    return fit < tasks ? 0 : (int) each;
  }

  private Place place(Predicate<String> isNode) {
    Picked picked = StepNodeChoice.of(room, request, cpusPerTask, isNode);
    if (picked.refusal() != null) {
      return Place.refused(picked.nextNode(), picked.refusal());
    }
    int[] chosen = picked.nodes().stream().toArray();
    long tasks = request.taskCount();
    if (tasks == NoVal.NO_VAL) {
      boolean cpus = request.cpuCount() != NoVal.NO_VAL;
      tasks = cpus ? request.cpuCount() : chosen.length;
    }
    if (tasks < 1 || tasks > (long) chosen.length * room.config().maxTasksPerNode()) {
      return Place.refused(picked.nextNode(), SlurmError.ESLURM_BAD_TASK_COUNT);
    }
    List<String> names = new ArrayList<>();
    for (int n : chosen) {
      names.add(room.held(n).node().value());
    }
    Optional<List<Longs>> map = taskMap(chosen, names, (int) tasks);
    if (map.isEmpty()) {
      boolean memory = request.memory() != 0;
      return Place.refused(
          picked.nextNode(),
          memory ? SlurmError.ESLURM_INVALID_TASK_MEMORY : SlurmError.SLURM_ERROR);
    }
    return shares(picked, names, map.get(), tasks);
  }

  private boolean isArbitrary() {
    return TaskDistribution.base(request.taskDistribution()) == TaskDistribution.ARBITRARY;
  }

  private Optional<List<Longs>> taskMap(int[] chosen, List<String> names, int tasks) {
    if (isArbitrary()) {
      return arbitrary(names, tasks);
    }
    int[] cpus = new int[chosen.length];
    int[] each = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      cpus[i] = usableCpus(chosen[i]);
      each[i] = cpusOfTask(chosen[i]);
    }
    return TaskMap.of(
        request.taskDistribution(),
        request.planeSize(),
        tasks,
        cpus,
        each,
        (room.config().selectTypeParameters() & PACK_NODES) != 0);
  }

  private Optional<List<Longs>> arbitrary(List<String> names, int tasks) {
    if (request.nodes() == null) {
      return Optional.empty();
    }
    try {
      List<String> hosts = HostList.parse(request.nodes()).hosts();
      boolean fits = hosts.size() == tasks && names.containsAll(hosts);
      return fits ? Optional.of(TaskMap.arbitrary(names, hosts)) : Optional.empty();
    } catch (HostListException notAList) {
      return Optional.empty();
    }
  }

  /** CPUs that the step's tasks can be laid out on. */
  private int usableCpus(int n) {
    int cpus = room.held(n).cpuCount();
    int used = room.cpusUsed(n);
    if (room.oneThreadPerCore(request.threadsPerCore())) {
      int threads = Math.max(1, room.definition(n).threadsPerCore());
      cpus /= threads;
      used /= threads;
    }
    int usable = has(StepFlag.OVERLAP) ? cpus : Math.max(0, cpus - used);
    if ((request.memory() & PER_CPU) != 0 && room.memoryCounts()) {
      long left = room.held(n).memoryMiB() - room.memoryUsedMiB(n);
      usable = (int) Math.min(usable, Math.max(0, left) / (request.memory() & ~PER_CPU));
    }
    return usable;
  }

  /** A task that must have a core for itself counts as its threads. */
  private int cpusOfTask(int n) {
    if (room.oneThreadPerCore(request.threadsPerCore())) {
      return cpusPerTask;
    }
    int threads = threads(n);
    boolean alone = room.job().request().tasksPerCore() == 1;
    return alone && cpusPerTask < threads ? threads : cpusPerTask;
  }

  private int threads(int n) {
    if (request.threadsPerCore() != NoVal.NO_VAL16) {
      return request.threadsPerCore();
    }
    int ofJob = room.job().request().threadsPerCore();
    return ofJob != NoVal.NO_VAL16 ? ofJob : Math.max(1, room.definition(n).threadsPerCore());
  }

  private boolean has(long flag) {
    return (request.flags() & flag) != 0;
  }

  private Place shares(Picked picked, List<String> names, List<Longs> map, long tasks) {
    int[] chosen = picked.nodes().stream().toArray();
    boolean allCores = !has(StepFlag.OVERCOMMIT) && cpusAsked == room.totalCpus();
    boolean allMemory = request.memory() == 0;
    List<StepShare> shares = new ArrayList<>();
    long cpuCount = 0;
    for (int i = 0; i < chosen.length; i++) {
      int n = chosen[i];
      NodeAllocation held = room.held(n);
      int here = map.get(i).size();
      long cpus = cpusTaken(n, here);
      CoreTaking.Taken cores =
          allCores
              ? new CoreTaking.Taken(held.cores(), null)
              : CoreTaking.of(
                  room, n, request, here, cpusPerTask, cpusOfCore(n), room.job().nextStepId());
      if (cores.refusal() != null) {
        return Place.refused(picked.nextNode(), cores.refusal());
      }
      cpuCount += cpus;
      shares.add(
          StepShare.builder()
              .node(held.node())
              .taskIds(map.get(i))
              .cores(cores.cores())
              .cpuCount(cpus)
              .memoryMiB(memory(n, here))
              .build());
    }
    return new Place(
        shares,
        HostList.of(names).ranged(),
        tasks,
        cpusPerTask,
        cpuCount,
        request.memory(),
        allMemory,
        picked.nextNode(),
        null);
  }

  /** CPUs of the job that the tasks of one node take; whole cores where threads are left out. */
  private long cpusTaken(int n, int tasks) {
    if (has(StepFlag.WHOLE)) {
      return room.held(n).cpuCount();
    }
    long cpus = (long) tasks * cpusPerTask;
    int asked = room.threadsAsked(request.threadsPerCore());
    int used = room.threadsUsed(n);
    if (asked != NoVal.NO_VAL16 && asked < used) {
      cpus = (cpus + asked - 1) / asked * used;
    }
    return cpus;
  }

  private long memory(int n, int tasks) {
    if (!room.memoryCounts()) {
      return 0;
    }
    if (request.memory() == 0) {
      return room.held(n).memoryMiB();
    }
    if ((request.memory() & PER_CPU) == 0) {
      return request.memory();
    }
    long cpus = (long) tasks * cpusPerTask;
    if (has(StepFlag.WHOLE)) {
      cpus = room.held(n).cpuCount();
      int asked = room.threadsAsked(request.threadsPerCore());
      int used = room.threadsUsed(n);
      if (asked != NoVal.NO_VAL16 && asked < used) {
        cpus = (cpus + used - 1) / used * asked;
      }
    }
    return cpus * (request.memory() & ~PER_CPU);
  }

  /** CPUs of a core that tasks use; 1 where a core is one CPU, or one thread of it is used. */
  private int cpusOfCore(int n) {
    boolean one = room.oneThreadPerCore(request.threadsPerCore()) || room.threadsUsed(n) == 1;
    return one ? 1 : Math.max(1, threads(n));
  }
}
