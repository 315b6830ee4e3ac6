package baton.importer.read;

import baton.importer.state.ClusterName;
import baton.protocol.message.AssociationRecord;
import baton.protocol.message.QosRecord;
import baton.protocol.state.AccountingSection;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedUsage;
import baton.protocol.type.NoVal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The four files of accounting against each other, and jobs against them. slurmctld writes
 * assoc_mgr_state in sections, that of associations last, so that a file cut off between two of
 * them lacks that one; it writes usage of each QOS and of each association of a user.
 */
final class KnownAccounting {

  private static final int QOS = 1447;
  private static final int ASSOCIATIONS = 1404;

  /** Of a sluid, the bits above the time are the cluster's number. */
  private static final int CLUSTER_SHIFT = 52;

  private final Findings findings;
  private final Optional<ClusterName> cluster;
  private final boolean numbersCluster;
  private final Map<Long, AssociationRecord> associations = new HashMap<>();
  private final Set<Long> qos = new HashSet<>();
  private final Set<String> sections = new HashSet<>();
  private final int tres;
  private final String path;
  private final String tresPath;

  /**
   * Compares the files.
   *
   * @param numbersCluster whether the release writes the cluster's number into ids of jobs
   */
  KnownAccounting(StateFiles files, boolean numbersCluster, Findings findings) {
    this.findings = findings;
    this.cluster = files.clusterName();
    this.numbersCluster = numbersCluster;
    this.path = files.associations().path();
    this.tresPath = files.tres().path();
    this.tres = files.tres().records().stream().mapToInt(record -> record.tres().size()).sum();
    boolean holdsAssociations = false;
    boolean holdsQos = false;
    for (AccountingSection section : files.associations().records()) {
      if (!sections.add("section " + section.messageType())) {
        findings.tell(path, "section " + section.messageType() + " stands there twice");
      }
      holdsQos |= section.messageType() == QOS;
      holdsAssociations |= section.messageType() == ASSOCIATIONS;
      add(section);
    }
    boolean used = !sections.isEmpty() || !files.associationUsage().records().isEmpty();
    if (used && !holdsAssociations) {
      findings.tell(path, "holds no section of associations");
    }
    if ((used || !files.qosUsage().records().isEmpty()) && !holdsQos) {
      findings.tell(path, "holds no section of QOS");
    }
    if (used && tres == 0) {
      findings.tell(tresPath, "holds no TRES, and " + path + " tells of accounting");
    }
    Set<Long> ofUsers = new HashSet<>();
    associations.values().stream()
        .filter(association -> association.user() != null && !association.user().isEmpty())
        .forEach(association -> ofUsers.add(association.id()));
    usage(files.associationUsage(), "association", ofUsers, holdsAssociations);
    usage(files.qosUsage(), "QOS", qos, holdsQos);
  }

  private void add(AccountingSection section) {
    if (section.messageType() == QOS) {
      for (QosRecord record : present(section.qos())) {
        if (!qos.add(record.id())) {
          findings.tell(path, "QOS " + record.id() + " stands there twice");
        }
      }
    }
    if (section.messageType() == ASSOCIATIONS) {
      for (AssociationRecord record : present(section.associations())) {
        if (associations.put(record.id(), record) != null) {
          findings.tell(path, "association " + record.id() + " stands there twice");
        }
        of(record.cluster());
      }
    }
  }

  private static <T> List<T> present(List<T> records) {
    return records == null ? List.of() : records;
  }

  private void of(String name) {
    if (name != null && cluster.isPresent() && !name.equals(cluster.get().name())) {
      findings.tellOnce(
          ClusterName.FILE,
          "says " + cluster.get().name() + ", and there are associations of " + name);
    }
  }

  private void usage(
      StateFile<?, SavedUsage> file, String kind, Set<Long> known, boolean comparable) {
    Set<Long> used = new HashSet<>();
    for (SavedUsage usage : file.records()) {
      if (!used.add(usage.id())) {
        findings.tell(file.path(), "usage of " + kind + " " + usage.id() + " stands there twice");
      } else if (comparable && !known.contains(usage.id())) {
        findings.tell(
            file.path(), "usage of " + kind + " " + usage.id() + ", which does not exist");
      }
    }
    for (Long id : known) {
      if (!used.contains(id)) {
        findings.tell(file.path(), "no usage of " + kind + " " + id);
      }
    }
  }

  /** Associations that may use a reservation: numbers between commas, with a minus if not. */
  void reservation(String file, String owner, String list) {
    if (list == null) {
      return;
    }
    for (String id : list.split(",", -1)) {
      String number = id.startsWith("-") ? id.substring(1) : id;
      if (number.matches("[0-9]{1,10}")
          ? !associations.containsKey(Long.valueOf(number))
          : !number.isEmpty()) {
        findings.tell(file, owner + " is for association " + id + ", which does not exist");
      }
    }
  }

  void accept(SavedJob job) {
    association(job);
    if (job.qosId() != 0 && !qos.contains(job.qosId())) {
      missing(job, "QOS", job.qosId(), qos.isEmpty());
    }
    int limits = job.limitSet().tres().size();
    if (limits != tres && tres == 0) {
      findings.tellOnce(tresPath, "holds no TRES, and jobs have limits of " + limits);
    } else if (limits != tres) {
      findings.tell(job.jobId(), "has limits of " + limits + " TRES, and there are " + tres);
    }
    long number = job.databaseIndex() >>> CLUSTER_SHIFT;
    if (numbersCluster
        && number != 0
        && job.federation().present() == 0
        && cluster.isPresent()
        && cluster.get().id().orElse(0) != number) {
      findings.tellOnce(
          ClusterName.FILE, "tells another number than jobs, which are of cluster " + number);
    }
  }

  private void association(SavedJob job) {
    long id = job.associationId();
    AssociationRecord association = associations.get(id);
    if (id == 0) {
      return;
    }
    if (association == null) {
      missing(job, "association", id, associations.isEmpty());
      return;
    }
    String account = association.account();
    if (job.account() != null && account != null && !account.equalsIgnoreCase(job.account())) {
      findings.tell(
          job.jobId(),
          "is of account " + job.account() + ", but its association " + id + " of " + account);
    }
    long user = association.userId();
    if (association.user() != null && user != NoVal.NO_VAL && user != job.userId().value()) {
      findings.tell(
          job.jobId(),
          "is of user " + job.userId() + ", but its association " + id + " of " + user);
    }
  }

  private void missing(SavedJob job, String kind, long id, boolean none) {
    if (none) {
      findings.tellOnce(path, "holds no " + kind + ", and jobs name some");
    } else {
      findings.tell(job.jobId(), "is of " + kind + " " + id + ", which does not exist");
    }
  }
}
