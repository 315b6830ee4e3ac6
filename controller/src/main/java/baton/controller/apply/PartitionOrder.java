package baton.controller.apply;

import baton.controller.model.JobRequest;
import baton.controller.model.PartitionName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** In which order a job's partitions are named and tried where it does not matter otherwise. */
final class PartitionOrder {
  private PartitionOrder() {}

  /** By PriorityTier, but first the one whose nodes could run the job. */
  static List<PartitionName> of(Change change, JobRequest request) {
    if (request.partitions().size() < 2) {
      return request.partitions();
    }
    List<PartitionName> ordered = byTier(change, request.partitions());
    for (PartitionName name : ordered) {
      if (change.feasibility().check(request, change.partition(name)) == null) {
        ordered.remove(name);
        ordered.add(0, name);
        break;
      }
    }
    return ordered;
  }

  static List<PartitionName> byTier(Change change, List<PartitionName> names) {
    List<PartitionName> ordered = new ArrayList<>(names);
    ordered.sort(Comparator.comparing(name -> -change.partition(name).priorityTier()));
    return ordered;
  }
}
