package baton.controller.scheduler;

import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.PartitionName;
import java.util.ArrayList;
import java.util.List;

/**
 * One job that could not start at once, while one plan is made. Of several partitions the last that
 * was tried tells why it waits. Not for sharing between threads.
 */
final class Waiting {
  private final Job job;
  private JobReason reason;
  private String text;
  private PartitionName tried;
  private Timetable.Place later;
  private int reserved;
  private boolean looked;

  /** Turns in which the job found no room, which the timetable gives another chance. */
  private final List<Queue.Entry> open = new ArrayList<>();

  Waiting(Job job) {
    this.job = job;
  }

  Job job() {
    return job;
  }

  JobReason reason() {
    return reason;
  }

  String text() {
    return text;
  }

  /** Of several partitions the one that was tried last; null if the job has only one. */
  PartitionName tried() {
    return job.request().partitions().size() > 1 ? tried : null;
  }

  /** A partition that does not take the job whatever is free. */
  void barred(JobReason why, String detail) {
    reason = why;
    text = detail;
  }

  /** A partition that takes the job, and whose nodes it could not have. */
  void refused(Queue.Entry entry, JobReason why, String detail) {
    tried = entry.name();
    reason = why;
    text = detail;
    if (why == JobReason.RESOURCES || why == JobReason.PRIORITY) {
      open.add(entry);
    }
  }

  /** Another job waits in front for the partition: that says less than any other reason. */
  void behindOthers(Queue.Entry entry) {
    boolean general = reason == null || reason == JobReason.RESOURCES;
    JobReason known = reason;
    String detail = text;
    refused(entry, JobReason.PRIORITY, null);
    if (!general) {
      reason = known;
      text = detail;
    }
  }

  /** Notes that the timetable is looked through for it. */
  void look() {
    looked = true;
  }

  /** True if there was no time to look for a place that it may get. */
  boolean isOverlooked() {
    return !looked && !open.isEmpty();
  }

  /** Whether it waits for room in this very turn. */
  boolean isOpenAt(Queue.Entry entry) {
    return open.stream()
        .anyMatch(one -> one.name().equals(entry.name()) && one.prefers() == entry.prefers());
  }

  /** Notes a place that is kept free for it. */
  void reserve(Timetable.Place place) {
    reserved++;
    if (later == null || place.start().isBefore(later.start())) {
      later = place;
    }
  }

  /** The earliest place that is kept free for it; null for none. */
  Timetable.Place later() {
    return later;
  }

  int reserved() {
    return reserved;
  }
}
