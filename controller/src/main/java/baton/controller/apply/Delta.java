package baton.controller.apply;

import baton.controller.model.EffectId;
import baton.controller.model.NodeName;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import java.util.Set;

/**
 * What one command changed: the keys whose values differ, or which came or went.
 *
 * @param jobs jobs
 * @param nodes nodes
 * @param partitions partitions
 * @param effects debts
 * @param config true if the configuration changed
 */
public record Delta(
    Set<JobId> jobs,
    Set<NodeName> nodes,
    Set<PartitionName> partitions,
    Set<EffectId> effects,
    boolean config) {

  public static final Delta NONE = new Delta(Set.of(), Set.of(), Set.of(), Set.of(), false);

  public Delta {
    jobs = Set.copyOf(jobs);
    nodes = Set.copyOf(nodes);
    partitions = Set.copyOf(partitions);
    effects = Set.copyOf(effects);
  }
}
