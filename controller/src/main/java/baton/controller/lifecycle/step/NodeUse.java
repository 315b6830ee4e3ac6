package baton.controller.lifecycle.step;

import baton.controller.model.StepFlag;
import baton.controller.model.StepRequest;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import java.util.BitSet;

/**
 * How many CPUs of each node of the job a step can use now, and how much more it could use if other
 * steps were gone.
 */
final class NodeUse {
  private static final long PER_CPU = 1L << 63;

  private final StepRoom room;
  private final StepRequest request;
  private final int cpusPerTask;

  /** Nodes where at least one task could start. */
  final BitSet available;

  /** CPUs usable on each. */
  final int[] cpus;

  /** CPUs and nodes that other steps keep from this one, by CPUs and by memory. */
  int cpusInUse;

  int nodesInUse;
  int cpusWithoutMemory;
  int nodesWithoutMemory;

  /** Why no step like this one can start now, known already; else null. */
  SlurmError refusal;

  NodeUse(StepRoom room, StepRequest request, int cpusPerTask, BitSet candidates) {
    this.room = room;
    this.request = request;
    this.cpusPerTask = cpusPerTask;
    this.available = candidates;
    this.cpus = new int[room.size()];
    for (int n = candidates.nextSetBit(0);
        n >= 0 && refusal == null;
        n = candidates.nextSetBit(n + 1)) {
      look(n);
    }
  }

  private boolean has(long flag) {
    return (request.flags() & flag) != 0;
  }

  private void look(int n) {
    cpus[n] = room.held(n).cpuCount();
    if (!has(StepFlag.OVERLAP)) {
      int used = room.cpusUsed(n);
      cpusInUse += used;
      cpus[n] = has(StepFlag.WHOLE) && used > 0 ? 0 : Math.max(0, cpus[n] - used);
      if (cpus[n] == 0) {
        nodesInUse++;
      }
    }
    if (cpus[n] == 0) {
      available.clear(n);
    } else if (request.memory() != 0 && room.memoryCounts()) {
      limitByMemory(n);
    }
  }

  private void limitByMemory(int n) {
    long each = request.memory() & ~PER_CPU;
    long all = room.held(n).memoryMiB();
    long left = has(StepFlag.OVERLAP) ? all : all - room.memoryUsedMiB(n);
    long ever = cpus[n];
    long now = cpus[n];
    SlurmError error = SlurmError.ESLURM_NODES_BUSY;
    if ((request.memory() & PER_CPU) != 0) {
      ever = Math.min(ever, all / each);
      if (left / each < now) {
        now = Math.max(0, left / each);
        error = SlurmError.ESLURM_INVALID_TASK_MEMORY;
      }
    } else {
      ever = all < each ? 0 : ever;
      if (left < each) {
        now = 0;
        error = SlurmError.ESLURM_INVALID_TASK_MEMORY;
      }
    }
    cpus[n] = (int) now;
    int unit = Math.max(1, cpusPerTask);
    cpusWithoutMemory += (int) (ever - now);
    if (now / unit > 0) {
      return;
    }
    boolean allNodes = request.minNodes() == NoVal.INFINITE || request.minNodes() == room.size();
    if (allNodes) {
      refusal = ever / unit == 0 ? error : SlurmError.ESLURM_NODES_BUSY;
    }
    available.clear(n);
    nodesWithoutMemory++;
  }

  /** CPUs usable on all of these nodes together. */
  int cpusOf(BitSet nodes) {
    return nodes.stream().map(n -> cpus[n]).sum();
  }
}
