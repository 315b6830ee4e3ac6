package baton.controller.lifecycle;

import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import baton.protocol.type.NoVal;
import java.util.BitSet;

/**
 * What a node has left, and how many CPUs of that a request can use. CPUs are counted as Slurm
 * declares them; cores are given whole.
 *
 * @param defined the node
 * @param freeCores cores that are free, numbered within the node socket by socket
 * @param freeMemoryMiB memory that is free
 * @param memoryCounts whether memory is given out at all
 * @param untouchedMemory whether nobody holds any of the memory
 * @param heldByPartition CPUs that the job's partition holds there already
 * @param limitOfPartition MaxCPUsPerNode
 */
public record NodeCapacity(
    NodeDefinition defined,
    BitSet freeCores,
    long freeMemoryMiB,
    boolean memoryCounts,
    boolean untouchedMemory,
    long heldByPartition,
    long limitOfPartition) {

  /** The node when nobody uses it. */
  public static NodeCapacity idle(NodeDefinition defined, boolean memoryCounts) {
    BitSet all = new BitSet();
    all.set(0, coreCount(defined));
    return new NodeCapacity(defined, all, memoryOf(defined), memoryCounts, true, 0, NoVal.INFINITE);
  }

  public static int coreCount(NodeDefinition defined) {
    return Math.max(1, defined.sockets() * defined.coresPerSocket());
  }

  /** CPUs of one core; one where the node is declared with fewer CPUs than threads. */
  public static int cpusOfCore(NodeDefinition defined) {
    return Math.max(1, defined.cpus() / coreCount(defined));
  }

  /** Memory that jobs may have. */
  public static long memoryOf(NodeDefinition defined) {
    return Math.max(0, defined.realMemoryMiB() - defined.memorySpecLimitMiB());
  }

  /** CPUs of one core that this request uses. */
  public static int usedOfCore(JobRequest request, NodeDefinition defined) {
    int used = cpusOfCore(defined);
    if (request.tasksPerCore() != NoVal.INFINITE16 && request.tasksPerCore() != 0) {
      used = Math.min(used, request.tasksPerCore() * cpusPerTask(request));
    }
    if (request.threadsPerCore() != NoVal.NO_VAL16 && request.threadsPerCore() != 0) {
      used = Math.min(used, request.threadsPerCore());
    }
    return used;
  }

  public static int cpusPerTask(JobRequest request) {
    return request.cpusPerTask() == NoVal.NO_VAL16 ? 1 : Math.max(1, request.cpusPerTask());
  }

  /** The fewest CPUs of the whole request, and as many as its tasks need. */
  public static long cpusAsked(JobRequest request) {
    boolean given = request.taskCount() != NoVal.NO_VAL && request.taskCount() != 0;
    long ofTasks = given && !request.overcommit() ? request.taskCount() * cpusPerTask(request) : 0;
    return Math.max(request.minCpus(), ofTasks);
  }

  /** The same without the cores that whole tasks would not fill: of those left, the first. */
  public NodeCapacity forTasks(JobRequest request) {
    int used = usedOfCore(request, defined);
    int perTask = cpusPerTask(request);
    boolean socketLimit =
        request.tasksPerSocket() != NoVal.INFINITE16 && request.tasksPerSocket() != 0;
    int least = request.coresPerSocket() == NoVal.NO_VAL16 ? 1 : request.coresPerSocket();
    long ofSocket =
        socketLimit ? (long) request.tasksPerSocket() * perTask : (long) defined.cpus() * used;
    long cpus = 0;
    long tasks = 0;
    BitSet usable = new BitSet();
    for (int socket = 0; socket < defined.sockets(); socket++) {
      int cores = freeOf(socket);
      if (cores >= Math.max(1, least)) {
        long here = (long) cores * used;
        cpus += here;
        tasks += socketLimit ? Math.min(here, request.tasksPerSocket()) : here;
        first(usable, socket, (ofSocket + used - 1) / used);
      }
    }
    tasks = request.tasksPerNode() > 0 ? Math.min(tasks, request.tasksPerNode()) : tasks;
    long cores;
    if (request.tasksPerCore() == 1 && perTask > used) {
      int ofTask = (perTask + used - 1) / used;
      cores = Math.min(tasks, cpus / used / ofTask) * ofTask;
    } else {
      long filled = perTask < 2 ? tasks : Math.min(tasks, cpus / perTask) * perTask;
      long asked = request.addedCpus() > 0 ? request.minCpusPerNode() : 0;
      cores = (Math.max(filled, asked) + used - 1) / used;
    }
    while (usable.cardinality() > cores) {
      usable.clear(usable.length() - 1);
    }
    return new NodeCapacity(
        defined,
        usable,
        freeMemoryMiB,
        memoryCounts,
        untouchedMemory,
        heldByPartition,
        limitOfPartition);
  }

  /** All CPUs of the free cores that the request could use. */
  public int freeCpus(JobRequest request) {
    return freeCores.cardinality() * usedOfCore(request, defined);
  }

  /** Adds the first free cores of a socket. */
  private void first(BitSet usable, int socket, long most) {
    int end = (socket + 1) * defined.coresPerSocket();
    long left = most;
    int core = freeCores.nextSetBit(socket * defined.coresPerSocket());
    while (core >= 0 && core < end && left > 0) {
      usable.set(core);
      left--;
      core = freeCores.nextSetBit(core + 1);
    }
  }

  /** The CPUs that the request can use here; 0 if it can use none. */
  public int cpus(JobRequest request) {
    long free = 0;
    long tasks = 0;
    int sockets = 0;
    int used = usedOfCore(request, defined);
    boolean socketLimit =
        request.tasksPerSocket() != NoVal.INFINITE16 && request.tasksPerSocket() != 0;
    long perSocket = (long) request.tasksPerSocket() * cpusPerTask(request);
    int least = request.coresPerSocket() == NoVal.NO_VAL16 ? 1 : request.coresPerSocket();
    for (int socket = 0; socket < defined.sockets(); socket++) {
      int cores = freeOf(socket);
      if (cores < Math.max(1, least)) {
        continue;
      }
      sockets++;
      long cpus = (long) cores * used;
      tasks += socketLimit ? Math.min(cpus, request.tasksPerSocket()) : cpus;
      free += socketLimit ? Math.min(cpus, perSocket) : cpus;
    }
    free = Math.min(free, limitOfPartition - heldByPartition);
    int minSockets = request.socketsPerNode() == NoVal.NO_VAL16 ? 0 : request.socketsPerNode();
    if (sockets < minSockets || free < Math.max(1, request.minCpusPerNode())) {
      return 0;
    }
    if (request.tasksPerNode() > 0 && tasks < request.tasksPerNode() && !request.overcommit()) {
      return 0;
    }
    long tasksHere = tasksHere(request);
    return free < tasksHere * cpusPerTask(request) ? 0 : (int) inMemory(request, free);
  }

  private int freeOf(int socket) {
    int first = socket * defined.coresPerSocket();
    return freeCores.get(first, first + defined.coresPerSocket()).cardinality();
  }

  /** Tasks that must find room on each node. */
  private static long tasksHere(JobRequest request) {
    if (request.tasksPerNode() > 0) {
      return request.tasksPerNode();
    }
    boolean all =
        !request.overcommit() && request.maxNodes() == 1 && request.taskCount() != NoVal.NO_VAL;
    return all ? request.taskCount() : 1;
  }

  private long inMemory(JobRequest request, long cpus) {
    if (!memoryCounts) {
      return cpus;
    }
    if (request.memoryMiB() == 0) {
      return untouchedMemory ? cpus : 0;
    }
    if (!request.memoryPerCpu()) {
      return request.memoryMiB() > freeMemoryMiB ? 0 : cpus;
    }
    if (request.shareMode() == 0) {
      return request.memoryMiB() * cpus > freeMemoryMiB ? 0 : cpus;
    }
    int unit = usedOfCore(request, defined);
    long left = cpus;
    while (left > 0 && request.memoryMiB() * left > freeMemoryMiB) {
      left = left >= unit ? left - unit : 0;
    }
    if (cpusPerTask(request) > 1) {
      left -= left % cpusPerTask(request);
    }
    return left < request.tasksPerNode() ? 0 : left;
  }
}
