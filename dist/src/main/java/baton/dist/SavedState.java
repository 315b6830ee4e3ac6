package baton.dist;

import baton.controller.model.JobState;
import baton.importer.read.Contradictions;
import baton.importer.read.StateDirectory;
import baton.importer.read.StateFile;
import baton.importer.read.StateFiles;
import baton.importer.state.ClusterName;
import baton.importer.state.DbdMessages;
import baton.importer.state.Fault;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormats;
import baton.protocol.state.AccountingSection;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in a StateSaveLocation: counts by file, and faults. Jobs are read one at a time. */
final class SavedState {
  private static final Pattern SCRIPT =
      Pattern.compile("hash\\.\\d/job\\.(\\d{1,9})/(script|environment)");
  private static final Pattern CRONTAB = Pattern.compile("crontab/crontab\\.(\\d{1,9})");
  private static final int STATE_MASK = 0xff;
  private static final int NODE_STATE_MASK = 0xf;
  private static final List<String> NODE_STATES =
      List.of("unknown", "down", "idle", "allocated", "error", "mixed", "future");

  private final Release release;
  private final Map<String, Map<String, Long>> counts = new TreeMap<>();
  private final Map<String, Release> releases = new TreeMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private String cluster = "";

  private SavedState(Release release) {
    this.release = release;
  }

  /** Reads all files. Blocks. */
  static SavedState read(StateDirectory state) {
    SavedState saved = new SavedState(state.release());
    StateFiles files = StateFiles.read(state);
    Set<String> paths = state.paths();
    saved.cluster = files.clusterName().map(ClusterName::name).orElse("");
    Contradictions check = new Contradictions(files, state.release(), paths);
    StateFile<JobStateHeader, SavedJob> jobs =
        state.scan(
            StateFormats.JOBS,
            job -> {
              saved.add(job);
              check.accept(job);
            });
    saved.note(StateFormats.JOBS, jobs);
    saved.others(state, files);
    saved.small(state, paths);
    saved.faults.addAll(state.faults());
    saved.faults.addAll(check.end(jobs.header().orElse(JobStateHeader.DEFAULT)));
    return saved;
  }

  private void count(String file, String what, long number) {
    counts.computeIfAbsent(file, any -> new TreeMap<>()).merge(what, number, Long::sum);
  }

  private void note(StateFormat<?, ?> format, StateFile<?, ?> file) {
    file.release().ifPresent(of -> releases.put(format.fileName(), of));
  }

  private void add(SavedJob job) {
    String file = StateFormats.JOBS.fileName();
    count(file, "jobs", 1);
    count(file, jobState(job.jobState() & STATE_MASK), 1);
    count(file, "steps", job.steps().size());
    if (job.arrayJobId().equals(job.jobId())) {
      count(file, "arrays", 1);
    }
    if (job.hetJobId().equals(job.jobId())) {
      count(file, "heterogeneous", 1);
    }
  }

  private static String jobState(long number) {
    return number < JobState.values().length
        ? JobState.of(number).name().toLowerCase(Locale.ROOT)
        : "state " + number;
  }

  private void others(StateDirectory state, StateFiles files) {
    for (var node : files.nodes().records()) {
      int number = (int) (node.nodeState() & NODE_STATE_MASK);
      count(
          "node_state",
          number < NODE_STATES.size() ? NODE_STATES.get(number) : "state " + number,
          1);
    }
    counted(StateFormats.NODES, files.nodes(), "nodes");
    counted(StateFormats.PARTITIONS, files.partitions(), "partitions");
    counted(StateFormats.RESERVATIONS, files.reservations(), "reservations");
    counted(StateFormats.TRIGGERS, files.triggers(), "triggers");
    counted(StateFormats.ASSOCIATION_USAGE, files.associationUsage(), "associations");
    counted(StateFormats.QOS_USAGE, files.qosUsage(), "QOS");
    note(StateFormats.TRES, files.tres());
    files.tres().records().forEach(record -> count("last_tres", "TRES", record.tres().size()));
    note(StateFormats.ASSOCIATIONS, files.associations());
    for (AccountingSection section : files.associations().records()) {
      count("assoc_mgr_state", "users", size(section.users()));
      count("assoc_mgr_state", "QOS", size(section.qos()));
      count("assoc_mgr_state", "associations", size(section.associations()));
    }
    for (StateFormat<?, ?> format :
        List.of(
            StateFormats.CONFIG,
            StateFormats.FEDERATION,
            StateFormats.DECAY,
            StateFormats.HEARTBEAT)) {
      note(format, state.read(format));
    }
  }

  private static long size(List<?> records) {
    return records == null ? 0 : records.size();
  }

  private void counted(StateFormat<?, ?> format, StateFile<?, ?> file, String what) {
    note(format, file);
    if (file.header().isPresent()) {
      count(format.fileName(), what, file.count());
    }
  }

  private void small(StateDirectory state, Set<String> paths) {
    if (paths.contains(DbdMessages.FILE)) {
      count(DbdMessages.FILE, "messages", state.dbdMessages().messages().size());
    }
    for (String path : paths) {
      Matcher script = SCRIPT.matcher(path);
      Matcher crontab = CRONTAB.matcher(path);
      if (script.matches()) {
        boolean isScript = script.group(2).equals("script");
        count("hash.*", isScript ? "scripts" : "environments", 1);
        JobId job = JobId.of(Long.parseLong(script.group(1)));
        if (isScript || !paths.contains(JobFiles.scriptPath(job))) {
          state.jobFiles(job);
        }
      } else if (crontab.matches()) {
        count("crontab", "crontabs", 1);
        state.crontab(Uid.of(Long.parseLong(crontab.group(1))));
      }
    }
  }

  /** Tells if the state is of another cluster than slurm.conf. */
  void compare(String configured) {
    if (!cluster.isEmpty() && !cluster.equalsIgnoreCase(configured)) {
      faults.add(
          Fault.of(ClusterName.FILE, "is of " + cluster + ", and slurm.conf of " + configured));
    }
  }

  Release release() {
    return release;
  }

  String cluster() {
    return cluster;
  }

  /** What each file holds, by name; files that hold no records have no counts. */
  Map<String, Map<String, Long>> counts() {
    return counts;
  }

  /** The release that wrote each file. */
  Map<String, Release> releases() {
    return releases;
  }

  List<Fault> faults() {
    return faults;
  }
}
