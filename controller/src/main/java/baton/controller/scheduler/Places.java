package baton.controller.scheduler;

import baton.controller.lifecycle.SchedulerParameters;
import baton.controller.model.Job;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.Uid;
import java.util.HashMap;
import java.util.Map;

/**
 * The timetable within the limits of SchedulerParameters on how many jobs are found a place. Lives
 * within one planning.
 */
final class Places {
  private final SchedulerParameters parameters;
  private final Timetable timetable;
  private final Map<Uid, Integer> ofUser = new HashMap<>();
  private final Map<PartitionName, Integer> ofPartition = new HashMap<>();
  private int placed;
  private int started;

  Places(SchedulerParameters parameters, Timetable timetable) {
    this.parameters = parameters;
    this.timetable = timetable;
  }

  /** Counts a job whose place is now. */
  void countStart() {
    started++;
  }

  /** How many jobs were started that passed one that waits. */
  int started() {
    return started;
  }

  /** The earliest place of a job in a partition, which is kept for it; null for none. */
  Timetable.Place place(Job job, Partition partition) {
    if (!allows(job, partition) || timetable.isHopeless(job, partition)) {
      return null;
    }
    placed++;
    ofUser.merge(job.request().userId(), 1, Integer::sum);
    ofPartition.merge(partition.name(), 1, Integer::sum);
    return timetable.place(job, partition);
  }

  private boolean allows(Job job, Partition partition) {
    int users = ofUser.getOrDefault(job.request().userId(), 0);
    int partitions = ofPartition.getOrDefault(partition.name(), 0);
    return placed < parameters.backfillMaxJobs()
        && isWithin(users, parameters.backfillMaxJobsOfUser())
        && isWithin(partitions, parameters.backfillMaxJobsOfPartition())
        && isWithin(started, parameters.backfillMaxStarts());
  }

  private static boolean isWithin(int count, int limit) {
    return limit == 0 || count < limit;
  }
}
