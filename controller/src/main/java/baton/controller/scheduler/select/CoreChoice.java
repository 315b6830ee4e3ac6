package baton.controller.scheduler.select;

import baton.controller.lifecycle.NodeCapacity;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import baton.protocol.type.NoVal;
import java.util.BitSet;

/** Chooses cores within a node: around the sockets unless a block distribution is asked for. */
final class CoreChoice {
  private static final int CPU_ONLY_MASK = 0x6;
  private static final int SOCKETS = 0x2;
  private static final int BLOCK_BY_DEFAULT = 0x1000;
  private static final long SOCKET_DISTRIBUTION = 0xf0;
  private static final long BLOCK_SOCKETS = 0x20;
  private static final long PLANE = 0x4;

  private final JobRequest request;
  private final NodeDefinition defined;
  private final BitSet free;
  private final int perCore;
  private final BitSet chosen = new BitSet();
  private int missing;

  private CoreChoice(JobRequest request, NodeCapacity capacity, int cpus) {
    this.request = request;
    this.defined = capacity.defined();
    this.free = (BitSet) capacity.freeCores().clone();
    this.perCore = NodeCapacity.usedOfCore(request, defined);
    this.missing = cpus;
  }

  /** The cores for {@code cpus} CPUs. */
  static BitSet choose(JobRequest request, NodeCapacity capacity, int cpus, int parameters) {
    CoreChoice choice = new CoreChoice(request, capacity, cpus);
    if (isBlock(request, parameters)) {
      choice.block();
    } else {
      choice.cyclic();
    }
    if ((parameters & SOCKETS) != 0) {
      choice.completeSockets();
    }
    return choice.chosen;
  }

  private static boolean isBlock(JobRequest request, int parameters) {
    if ((parameters & CPU_ONLY_MASK) == 0) {
      return true;
    }
    long sockets = request.taskDistribution() & SOCKET_DISTRIBUTION;
    boolean plane = (request.taskDistribution() & 0xf) == PLANE;
    boolean byDefault = sockets == 0 && (parameters & BLOCK_BY_DEFAULT) != 0;
    return sockets == BLOCK_SOCKETS || plane || byDefault;
  }

  private int first(int socket) {
    return socket * defined.coresPerSocket();
  }

  private int freeOf(int socket) {
    return free.get(first(socket), first(socket + 1)).cardinality();
  }

  /** Takes the next free core of a socket; false if it has none. */
  private boolean takeFrom(int socket) {
    int core = free.nextSetBit(first(socket));
    if (core < 0 || core >= first(socket + 1)) {
      return false;
    }
    free.clear(core);
    chosen.set(core);
    missing -= perCore;
    return true;
  }

  private void cyclic() {
    int cpusPerTask = NodeCapacity.cpusPerTask(request);
    boolean limited = request.tasksPerSocket() != NoVal.INFINITE16 && request.tasksPerSocket() != 0;
    if (limited) {
      leaveOnly(request.tasksPerSocket() * cpusPerTask);
    } else if (cpusPerTask > 1) {
      packTasks(cpusPerTask);
    }
    boolean progress = true;
    while (missing > 0 && progress) {
      progress = false;
      for (int socket = 0; socket < defined.sockets() && missing > 0; socket++) {
        progress |= takeFrom(socket);
      }
    }
  }

  /** No more than so many CPUs of each socket. */
  private void leaveOnly(int cpus) {
    int cores = (cpus + perCore - 1) / perCore;
    for (int socket = 0; socket < defined.sockets(); socket++) {
      int over = freeOf(socket) - cores;
      for (int core = first(socket + 1) - 1; over > 0 && core >= first(socket); core--) {
        if (free.get(core)) {
          free.clear(core);
          over--;
        }
      }
    }
  }

  /** All CPUs of a task on one socket, as far as that goes. */
  private void packTasks(int cpusPerTask) {
    for (int socket = 0; socket < defined.sockets() && missing > 0; socket++) {
      int cpus = freeOf(socket) * perCore;
      cpus -= cpus % cpusPerTask;
      while (cpus > 0 && missing > 0 && takeFrom(socket)) {
        cpus -= perCore;
      }
    }
  }

  /** The smallest socket that suffices, or the largest ones until they do. */
  private void block() {
    while (missing > 0) {
      int best = -1;
      for (int socket = 0; socket < defined.sockets(); socket++) {
        if (freeOf(socket) > 0 && (best < 0 || isBetter(socket, best))) {
          best = socket;
        }
      }
      if (best < 0) {
        return;
      }
      while (missing > 0 && takeFrom(best)) {
        // One socket is emptied before the next is begun.
      }
    }
  }

  private boolean isBetter(int socket, int best) {
    boolean suffices = freeOf(socket) * perCore >= missing;
    boolean bestSuffices = freeOf(best) * perCore >= missing;
    if (suffices != bestSuffices) {
      return suffices;
    }
    return suffices ? freeOf(socket) < freeOf(best) : freeOf(socket) > freeOf(best);
  }

  private void completeSockets() {
    for (int socket = 0; socket < defined.sockets(); socket++) {
      if (!chosen.get(first(socket), first(socket + 1)).isEmpty()) {
        chosen.set(first(socket), first(socket + 1));
      }
    }
  }
}
