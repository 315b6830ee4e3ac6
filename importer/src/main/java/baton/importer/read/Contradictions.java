package baton.importer.read;

import baton.importer.state.Fault;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormats;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.NodeStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.state.SavedTrigger;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what the files say of each other: damage that a file alone does not show. Jobs are given
 * one by one; of each, ids and a time are kept. For one thread.
 */
public final class Contradictions {

  private static final Pattern JOB_FILE =
      Pattern.compile("hash\\.(\\d)/job\\.(\\d{1,9})/(?:script|environment)");
  private static final Pattern ID = Pattern.compile("\\d{1,9}");
  private static final int STATE_MASK = 0xff;
  private static final int LAST_UNFINISHED_STATE = 2;
  private static final int TRIGGER_OF_JOB = 1;
  private static final int TRIGGER_OF_NODE = 2;
  private static final long REQUEUED = -1;

  private final StateFiles files;
  private final Set<String> paths;
  private final Set<String> nodes = new HashSet<>();
  private final Findings findings = new Findings();
  private final KnownAccounting accounting;
  private final KnownReservations reservations;
  private final JobPlaces places;
  private final JobGroups groups = new JobGroups(findings);

  /** When each job was submitted; {@link #REQUEUED} of one whose time is that of its requeue. */
  private final Map<JobId, Long> jobs = new HashMap<>();

  private final Set<JobId> owners = new HashSet<>();

  /**
   * Begins with what is not of jobs.
   *
   * @param release of the slurmctld that wrote
   * @param paths of all files
   */
  public Contradictions(StateFiles files, Release release, Set<String> paths) {
    this.files = files;
    this.paths = paths;
    for (SavedNode node : files.nodes().records()) {
      add(files.nodes().path(), nodes, node.nodeName(), "node");
    }
    Set<String> partitions = new HashSet<>();
    for (SavedPartition partition : files.partitions().records()) {
      add(files.partitions().path(), partitions, partition.name(), "partition");
    }
    files
        .nodes()
        .header()
        .map(NodeStateHeader::nodeCount)
        .filter(told -> told != 0 && told != files.nodes().count())
        .ifPresent(this::otherNodes);
    accounting = new KnownAccounting(files, release.atLeast(Release.V24_11), findings);
    reservations =
        new KnownReservations(files.reservations(), nodes, partitions, accounting, findings);
    places = new JobPlaces(nodes, partitions, findings);
  }

  private void otherNodes(long told) {
    findings.tell(files.nodes().path(), told + " nodes told, " + files.nodes().count() + " found");
  }

  private void add(String path, Set<String> names, String name, String kind) {
    if (name == null || name.isEmpty()) {
      findings.tell(path, "a " + kind + " without name");
    } else if (!names.add(name)) {
      findings.tell(path, kind + " " + name + " stands there twice");
    }
  }

  /** Looks at the next job. */
  public void accept(SavedJob job) {
    JobId id = job.jobId();
    if (id.value() == 0 || id.value() >= NoVal.NO_VAL) {
      findings.tell(id, "is no id of a job");
    }
    long submitted = job.restartCount() == 0 ? job.details().submitTime() : REQUEUED;
    if (jobs.put(id, submitted) != null) {
      findings.tell(id, "stands there twice");
    }
    owners.add(id);
    if (job.arrayJobId().value() != 0) {
      owners.add(job.arrayJobId());
    }
    places.accept(job);
    reservations.accept(job);
    accounting.accept(job);
    groups.accept(job);
    filesOf(job);
  }

  /** A batch job that has not ended needs its script to be requeued; that of an array is shared. */
  private void filesOf(SavedJob job) {
    if ((job.jobState() & STATE_MASK) > LAST_UNFINISHED_STATE) {
      return;
    }
    if (job.batchFlag() != 0) {
      JobId owner = job.arrayJobId().value() == 0 ? job.jobId() : job.arrayJobId();
      needs(JobFiles.scriptPath(owner), job);
      needs(JobFiles.environmentPath(owner), job);
    }
    if (job.details().cronEntry().set()) {
      needs(JobFiles.crontabPath(job.userId()), job);
    }
  }

  private void needs(String path, SavedJob job) {
    if (!paths.contains(path)) {
      findings.tell(path, "is missing, and job " + job.jobId().value() + " needs it");
    }
  }

  /**
   * What was found, once all jobs were given.
   *
   * @param header of job_state
   */
  public List<Fault> end(JobStateHeader header) {
    for (String path : paths) {
      Matcher file = JOB_FILE.matcher(path);
      if (file.matches() && !owners.contains(JobId.of(Long.parseLong(file.group(2))))) {
        findings.tell(path, "belongs to no job");
      }
    }
    groups.end();
    counter(header.lastJobId().value());
    triggers();
    return findings.all();
  }

  /**
   * Ids begin again at FirstJobId: one above the counter is right only if the job was submitted
   * before those below it.
   */
  private void counter(long last) {
    if (last == 0 && !jobs.isEmpty()) {
      findings.tell(StateFormats.JOBS.fileName(), "the last id given is 0, and there are jobs");
      return;
    }
    long firstBelow = Long.MAX_VALUE;
    for (Map.Entry<JobId, Long> job : jobs.entrySet()) {
      if (job.getKey().value() <= last && job.getValue() != REQUEUED) {
        firstBelow = Math.min(firstBelow, job.getValue());
      }
    }
    boolean noneBelow = jobs.keySet().stream().noneMatch(job -> job.value() <= last);
    for (Map.Entry<JobId, Long> job : jobs.entrySet()) {
      if (job.getKey().value() > last && (noneBelow || job.getValue() >= firstBelow)) {
        findings.tell(job.getKey(), "is above the last id given, which is " + last);
      }
    }
  }

  /** One that waits names what is there: it goes with its job. */
  private void triggers() {
    String path = files.triggers().path();
    Set<Long> ids = new HashSet<>();
    for (SavedTrigger trigger : files.triggers().records()) {
      String owner = "trigger " + trigger.triggerId();
      if (!ids.add(trigger.triggerId())) {
        findings.tell(path, owner + " stands there twice");
      }
      String of = trigger.resourceId() == null ? "" : trigger.resourceId();
      if (trigger.resourceType() == TRIGGER_OF_JOB && trigger.state() == 0) {
        if (!ID.matcher(of).matches() || !jobs.containsKey(JobId.of(Long.parseLong(of)))) {
          findings.tell(path, owner + " is of job " + of + ", which does not exist");
        }
      } else if (trigger.resourceType() == TRIGGER_OF_NODE && !of.equals("*")) {
        for (String node : findings.hosts(path, owner, of)) {
          if (!nodes.contains(node)) {
            findings.tell(path, owner + " is of node " + node + ", which does not exist");
          }
        }
      }
    }
  }
}
