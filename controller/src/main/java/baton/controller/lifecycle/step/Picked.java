package baton.controller.lifecycle.step;

import baton.protocol.error.SlurmError;
import java.util.BitSet;

/**
 * Nodes for a step, or why there are none.
 *
 * @param nodes their numbers in the job; empty when refused
 * @param minNodes the fewest nodes that the step turned out to need
 * @param nextNode the node that the job's next step is offered first, by its number in the job
 * @param refusal null when nodes were found
 */
record Picked(BitSet nodes, long minNodes, int nextNode, SlurmError refusal) {
  static Picked refused(int nextNode, SlurmError refusal) {
    return new Picked(new BitSet(), 0, nextNode, refusal);
  }
}
