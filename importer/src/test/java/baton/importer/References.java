package baton.importer;

import baton.importer.read.StateFiles;
import baton.protocol.message.AssociationRecord;
import baton.protocol.message.QosRecord;
import baton.protocol.state.AccountingSection;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.state.SavedReservation;
import baton.protocol.state.SavedStep;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What jobs refer to, looked up plainly: the measure of what an importer must not leave untold. */
final class References {

  private final Set<String> there = new HashSet<>();
  private final List<String> dangling = new ArrayList<>();

  /** References of jobs that lead nowhere, and ids that stand twice. */
  static List<String> dangling(List<SavedJob> jobs, StateFiles files, Set<String> paths) {
    References references = new References();
    references.collect(jobs, files);
    paths.forEach(path -> references.there.add("file " + path));
    jobs.forEach(references::follow);
    return references.dangling;
  }

  private void collect(List<SavedJob> jobs, StateFiles files) {
    for (SavedJob job : jobs) {
      once("job " + job.jobId());
      if (job.arrayTaskId() != 0xffff_fffeL) {
        once("task " + job.arrayTaskId() + " of " + job.arrayJobId());
      }
      if (job.hetJobId().value() != 0) {
        once("component " + job.hetJobOffset() + " of " + job.hetJobId());
      }
    }
    for (SavedNode node : files.nodes().records()) {
      once("node " + node.nodeName());
    }
    for (SavedPartition partition : files.partitions().records()) {
      once("partition " + partition.name());
    }
    for (SavedReservation reservation : files.reservations().records()) {
      once("reservation " + reservation.name() + " " + reservation.reservationId());
    }
    for (AccountingSection section : files.associations().records()) {
      for (QosRecord qos : section.qos() == null ? List.<QosRecord>of() : section.qos()) {
        once("qos " + qos.id());
      }
      for (AssociationRecord association :
          section.associations() == null ? List.<AssociationRecord>of() : section.associations()) {
        once("association " + association.id() + " " + association.account());
      }
    }
  }

  private void once(String name) {
    if (!there.add(name)) {
      dangling.add(name + " twice");
    }
  }

  private void follow(SavedJob job) {
    for (String partition : job.partition().split(",", -1)) {
      need(job, "partition " + partition);
    }
    for (String node : hosts(job.nodes())) {
      need(job, "node " + node);
    }
    if (job.reservation() != null) {
      need(job, "reservation " + job.reservation() + " " + job.reservationId());
    }
    if (job.associationId() != 0) {
      need(job, "association " + job.associationId() + " " + job.account());
    }
    if (job.qosId() != 0) {
      need(job, "qos " + job.qosId());
    }
    related(job, job.arrayJobId());
    related(job, job.hetJobId());
    if (job.hetJobId().value() != 0 && !components(job).contains(job.jobId().value())) {
      dangling.add("job " + job.jobId() + " is none of " + job.hetJobIdSet());
    }
    Set<String> held = Set.copyOf(hosts(job.nodes()));
    for (SavedStep step : job.steps()) {
      for (String node : step.layout().present() == 0 ? List.<String>of() : stepHosts(step)) {
        if (!held.contains(node)) {
          dangling.add("job " + job.jobId() + " step " + step.stepId() + " node " + node);
        }
      }
    }
    if (job.details().cronEntry().set() && (job.jobState() & 0xff) < 3) {
      need(job, "file crontab/crontab." + job.userId());
    }
  }

  private void related(SavedJob job, JobId other) {
    if (other.value() != 0) {
      need(job, "job " + other);
    }
  }

  private void need(SavedJob job, String name) {
    if (!there.contains(name)) {
      dangling.add("job " + job.jobId() + " names " + name);
    }
  }

  private static List<String> stepHosts(SavedStep step) {
    return hosts(step.layout().nodeList());
  }

  private static List<String> hosts(String list) {
    try {
      return list == null ? List.of() : HostList.parse(list).hosts();
    } catch (HostListException e) {
      return List.of("wrong: " + list);
    }
  }

  private static Set<Long> components(SavedJob job) {
    String set = job.hetJobIdSet();
    return hosts("[" + set + "]").stream()
        .flatMap(id -> id.matches("[0-9]+") ? Stream.of(Long.valueOf(id)) : Stream.empty())
        .collect(Collectors.toSet());
  }
}
