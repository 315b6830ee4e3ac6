package baton.importer.read;

import baton.protocol.state.SavedArray;
import baton.protocol.state.SavedJob;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Records that belong together: those of an array, and the components of a heterogeneous job. Of
 * each job its numbers are kept. slurmctld forgets an array's own record, and components, only
 * together with the last of them.
 */
final class JobGroups {

  /** Far more than slurmctld allows components. */
  private static final int MOST_COMPONENTS = 1 << 16;

  /** An array's own record has its id, and the mask of the tasks that have no record yet. */
  private static final class Tasks {
    private boolean hasOwnRecord;
    private String mask;
    private final Set<Long> own = new HashSet<>();
  }

  private static final class Components {
    private String idSet;
    private final Set<JobId> ids = new HashSet<>();
    private final Set<Long> offsets = new HashSet<>();
  }

  private final Findings findings;
  private final Map<JobId, Tasks> arrays = new HashMap<>();
  private final Map<JobId, Components> leaders = new HashMap<>();

  JobGroups(Findings findings) {
    this.findings = findings;
  }

  void accept(SavedJob job) {
    array(job);
    heterogeneous(job);
  }

  private void array(SavedJob job) {
    JobId id = job.jobId();
    boolean isTask = job.arrayTaskId() != NoVal.NO_VAL;
    boolean standsForTasks = job.arrayTasks().bitCount() != NoVal.NO_VAL;
    if (job.arrayJobId().value() == 0) {
      if (isTask || standsForTasks) {
        findings.tell(id, "is part of an array, but of none that has an id");
      }
      return;
    }
    Tasks tasks = arrays.computeIfAbsent(job.arrayJobId(), any -> new Tasks());
    if (id.equals(job.arrayJobId())) {
      tasks.hasOwnRecord = true;
      tasks.mask = mask(id, job.arrayTasks());
    } else if (standsForTasks) {
      findings.tell(id, "stands for tasks of array " + job.arrayJobId() + ", whose id it lacks");
    } else if (!isTask) {
      findings.tell(id, "is of array " + job.arrayJobId() + ", but no task of it");
    }
    if (isTask && !tasks.own.add(job.arrayTaskId())) {
      findings.tell(id, "is task " + job.arrayTaskId() + ", which another job is");
    }
  }

  private String mask(JobId id, SavedArray array) {
    boolean empty = array.bitCount() == NoVal.NO_VAL || array.bitCount() == 0;
    String mask = empty || array.taskIds() == null ? "" : array.taskIds().replaceFirst("^0x", "");
    if (!mask.matches("[0-9A-Fa-f]*") || mask.length() > (array.bitCount() + 3) / 4) {
      findings.tell(id, "stands for tasks that are no mask of " + array.bitCount() + " bits");
      return "";
    }
    return mask;
  }

  private static boolean contains(String mask, long task) {
    long digit = mask.length() - 1 - task / 4;
    return digit >= 0 && ((Character.digit(mask.charAt((int) digit), 16) >> (task % 4)) & 1) != 0;
  }

  private void heterogeneous(SavedJob job) {
    JobId id = job.jobId();
    JobId leader = job.hetJobId();
    if (leader.value() == 0) {
      if (job.hetJobIdSet() != null && !job.hetJobIdSet().isEmpty()) {
        findings.tell(id, "is a component without a leader");
      }
      return;
    }
    Components components = leaders.computeIfAbsent(leader, any -> new Components());
    components.ids.add(id);
    String set = job.hetJobIdSet() == null ? "" : job.hetJobIdSet();
    if (components.idSet == null) {
      components.idSet = set;
    } else if (!components.idSet.equals(set)) {
      findings.tell(id, "names other components than those of its leader " + leader.value());
    }
    if (!components.offsets.add(job.hetJobOffset())
        || id.equals(leader) != (job.hetJobOffset() == 0)) {
      findings.tell(id, "is wrongly component " + job.hetJobOffset() + " of " + leader.value());
    }
  }

  /** What shows once all jobs were given. */
  void end() {
    arrays.forEach(this::end);
    leaders.forEach(this::end);
  }

  private void end(JobId array, Tasks tasks) {
    if (!tasks.hasOwnRecord) {
      findings.tell(array, "is an array that has tasks, and no record of its own");
      return;
    }
    for (long task : tasks.own) {
      if (contains(tasks.mask, task)) {
        findings.tell(array, "stands for task " + task + ", which has a record of its own");
      }
    }
  }

  private void end(JobId leader, Components components) {
    if (!components.ids.contains(leader)) {
      findings.tell(leader, "leads a heterogeneous job, and does not exist");
    }
    Set<JobId> named = new HashSet<>();
    if (!parse(components.idSet, named)) {
      findings.tell(leader, "leads a heterogeneous job of no ids: " + components.idSet);
      return;
    }
    for (JobId id : named) {
      if (!components.ids.contains(id)) {
        findings.tell(leader, "leads job " + id.value() + ", which is no component of it");
      }
    }
    for (JobId id : components.ids) {
      if (!named.contains(id)) {
        findings.tell(id, "is a component of job " + leader.value() + ", which does not name it");
      }
    }
  }

  /** Ids and ranges of them between commas. */
  private static boolean parse(String text, Set<JobId> ids) {
    for (String range : text.split(",", -1)) {
      if (!range.matches("[0-9]{1,9}(-[0-9]{1,9})?")) {
        return false;
      }
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = Integer.parseInt(range.substring(dash + 1));
      if (last < first || last - first + ids.size() > MOST_COMPONENTS) {
        return false;
      }
      for (int id = first; id <= last; id++) {
        ids.add(JobId.of(id));
      }
    }
    return true;
  }
}
