package baton.importer.read;

import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedReservation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reservations against the nodes, partitions and associations that they name, and jobs against
 * them. slurmctld takes a reservation's name from all jobs, ended ones too, when it goes.
 */
final class KnownReservations {

  private final Findings findings;
  private final Map<String, Long> idByName = new HashMap<>();
  private final Set<Long> ids = new HashSet<>();

  KnownReservations(
      StateFile<?, SavedReservation> file,
      Set<String> nodes,
      Set<String> partitions,
      KnownAccounting accounting,
      Findings findings) {
    this.findings = findings;
    String path = file.path();
    for (SavedReservation reservation : file.records()) {
      String owner = "reservation " + reservation.name();
      if (reservation.name() == null || reservation.name().isEmpty()) {
        findings.tell(path, "a reservation without name");
      } else if (idByName.put(reservation.name(), reservation.reservationId()) != null) {
        findings.tell(path, owner + " stands there twice");
      }
      if (reservation.reservationId() == 0 || !ids.add(reservation.reservationId())) {
        findings.tell(path, owner + " has number " + reservation.reservationId() + " wrongly");
      }
      for (String node : findings.hosts(path, owner, reservation.nodeList())) {
        if (!nodes.contains(node)) {
          findings.tell(path, owner + " holds node " + node + ", which does not exist");
        }
      }
      String partition = reservation.partition();
      if (partition != null && !partition.isEmpty() && !partitions.contains(partition)) {
        findings.tell(path, owner + " is in partition " + partition + ", which does not exist");
      }
      accounting.reservation(path, owner, reservation.associations());
    }
  }

  void accept(SavedJob job) {
    List<String> names = namesOf(job);
    for (String name : names) {
      if (!idByName.containsKey(name)) {
        findings.tell(job.jobId(), "is in reservation " + name + ", which does not exist");
      }
    }
    long id = job.reservationId();
    if (id != 0 && !ids.contains(id)) {
      findings.tell(job.jobId(), "is in reservation number " + id + ", which does not exist");
    } else if (id != 0 && names.size() == 1 && idByName.getOrDefault(names.get(0), id) != id) {
      findings.tell(job.jobId(), "is in reservation " + names.get(0) + ", but by number in " + id);
    }
  }

  /** A job may name several, of which it takes the first that it fits in. */
  private static List<String> namesOf(SavedJob job) {
    String names = job.reservation();
    return names == null || names.isEmpty() ? List.of() : List.of(names.split(",", -1));
  }
}
