package baton.controller.lifecycle.step;

import baton.controller.model.NodeDefinition;
import baton.controller.model.StepFlag;
import baton.controller.model.StepRequest;
import baton.controller.model.TaskDistribution;
import baton.protocol.error.SlurmError;
import baton.protocol.type.BitString;
import java.util.BitSet;

/**
 * The cores of one node that a step gets, out of those that its job holds there: idle ones, socket
 * by socket or around the sockets, and with overcommit also cores of others.
 */
final class CoreTaking {
  private final NodeDefinition defined;
  private final BitString ofJob;
  private final BitSet used;
  private final long distribution;
  private final boolean overlap;
  private final BitSet taken = new BitSet();
  private final int firstCore;
  private long missing;
  private boolean useAll;

  private CoreTaking(StepRoom room, int n, StepRequest request, int firstCore) {
    this.defined = room.definition(n);
    this.ofJob = room.held(n).cores();
    this.used = room.coresUsed(n);
    this.distribution = request.taskDistribution();
    this.overlap = (request.flags() & StepFlag.OVERLAP) != 0;
    this.firstCore = firstCore;
  }

  /**
   * Cores, or why there are none.
   *
   * @param cores null when refused
   * @param refusal null when taken
   */
  record Taken(BitString cores, SlurmError refusal) {}

  /**
   * Takes cores for the tasks on one node.
   *
   * @param tasks tasks there, at least 1
   * @param cpusPerTask CPUs of a task; 0 if not known
   * @param cpusPerCore CPUs of a core that the tasks use
   * @param turn where overcommitted cores begin, so that not all meet on the first
   */
  static Taken of(
      StepRoom room,
      int n,
      StepRequest request,
      int tasks,
      int cpusPerTask,
      int cpusPerCore,
      long turn) {
    NodeDefinition defined = room.definition(n);
    int cores = Math.max(1, defined.coresPerSocket());
    CoreTaking taking = new CoreTaking(room, n, request, (int) ((turn + 1) % cores));
    boolean whole = (request.flags() & StepFlag.WHOLE) != 0;
    int held = room.held(n).cpuCount();
    taking.useAll = whole || tasks == cores * defined.sockets();
    taking.missing = taking.useAll ? held : coresFor(tasks, cpusPerTask, cpusPerCore);
    if (taking.missing > held) {
      return new Taken(null, SlurmError.ESLURM_TOO_MANY_REQUESTED_CPUS);
    }
    long atOnce = tasks == 0 ? 1 : Math.max(1, taking.missing / tasks);
    if (taking.take(false, atOnce) || taking.useAll) {
      return taking.done();
    }
    if ((request.flags() & StepFlag.OVERCOMMIT) == 0) {
      return new Taken(null, SlurmError.ESLURM_NODES_BUSY);
    }
    taking.take(true, atOnce);
    return taking.done();
  }

  private static long coresFor(int tasks, int cpusPerTask, int cpusPerCore) {
    if (cpusPerTask == 0) {
      return tasks;
    }
    if (cpusPerTask > cpusPerCore) {
      return (long) tasks * ((cpusPerTask + cpusPerCore - 1) / cpusPerCore);
    }
    return ((long) tasks * cpusPerTask + cpusPerCore - 1) / cpusPerCore;
  }

  private Taken done() {
    return new Taken(BitString.of(ofJob.size(), taken), null);
  }

  /** True once enough were taken. */
  private boolean take(boolean over, long atOnce) {
    long sockets = TaskDistribution.overSockets(distribution);
    if (sockets == TaskDistribution.SOCKET_BLOCK) {
      return socketBySocket(over);
    }
    return sockets == TaskDistribution.SOCKET_FULL_CYCLIC
        ? coreByCore(over)
        : aroundSockets(over, atOnce);
  }

  private boolean socketBySocket(boolean over) {
    for (int socket = 0; socket < defined.sockets(); socket++) {
      for (int i = 0; i < defined.coresPerSocket(); i++) {
        if (pick(socket, i, over) && missing == 0) {
          return true;
        }
      }
    }
    return missing <= 0;
  }

  private boolean coreByCore(boolean over) {
    for (int i = 0; i < defined.coresPerSocket(); i++) {
      for (int socket = 0; socket < defined.sockets(); socket++) {
        if (pick(socket, i, over) && missing == 0) {
          return true;
        }
      }
    }
    return missing <= 0;
  }

  /** The cores of a task on one socket, those of the next task on the next. */
  private boolean aroundSockets(boolean over, long atOnce) {
    int[] next = new int[defined.sockets()];
    long ofTask = 0;
    boolean progress = missing > 0;
    while (progress) {
      progress = false;
      for (int socket = 0; socket < defined.sockets(); socket++) {
        boolean stay = true;
        while (stay && next[socket] < defined.coresPerSocket()) {
          if (!pick(socket, next[socket]++, over)) {
            continue;
          }
          progress = true;
          if (missing == 0) {
            return true;
          }
          ofTask++;
          if (ofTask == atOnce) {
            ofTask = 0;
            stay = false;
          }
        }
      }
    }
    return missing <= 0;
  }

  private boolean pick(int socket, int index, boolean over) {
    int inSocket = over ? (firstCore + index) % defined.coresPerSocket() : index;
    int core = socket * defined.coresPerSocket() + inSocket;
    if (core >= ofJob.size() || !ofJob.get(core) || taken.get(core)) {
      return false;
    }
    if (!over && !overlap && !useAll && used.get(core)) {
      return false;
    }
    taken.set(core);
    missing--;
    return true;
  }
}
