package baton.controller.dispatch;

import baton.controller.lifecycle.JobArrays;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What the controller adds to a script's environment. */
final class BatchEnvironment {
  private BatchEnvironment() {}

  static List<String> of(Job job, List<String> submitted, Release release) {
    List<String> variables = new ArrayList<>(submitted);
    for (String added : job.request().addedEnvironment()) {
      int name = added.indexOf('=');
      set(variables, added.substring(0, Math.max(0, name)), added.substring(name + 1));
    }
    if (JobArrays.isTask(job) && job.request().arrayIndexes() != null) {
      array(variables, job.request().arrayIndexes());
    }
    if (!release.atLeast(Release.V24_05)) {
      return variables;
    }
    JobRequest request = job.request();
    set(variables, "SLURM_JOB_NAME", request.name());
    if (request.openMode() != 0) {
      set(variables, "SLURM_OPEN_MODE", request.openMode() == 2 ? "a" : "t");
    }
    set(variables, "SLURM_JOB_DEPENDENCY", request.dependency());
    set(variables, "SLURM_NETWORK", request.network());
    if (release.atLeast(Release.V26_05)) {
      set(variables, "SLURM_TASKS_PER_NODE", tasksPerNode(job));
    }
    return variables;
  }

  /** What describes the array as it was submitted; slurmd adds the task's own number. */
  private static void array(List<String> variables, String expression) {
    BitSet tasks = JobArrays.tasks(expression, Integer.MAX_VALUE);
    set(variables, "SLURM_ARRAY_TASK_COUNT", Integer.toString(tasks.cardinality()));
    set(variables, "SLURM_ARRAY_TASK_MIN", Integer.toString(tasks.nextSetBit(0)));
    set(variables, "SLURM_ARRAY_TASK_MAX", Integer.toString(tasks.length() - 1));
    set(variables, "SLURM_ARRAY_TASK_STEP", Long.toString(JobArrays.step(expression)));
  }

  private static void set(List<String> variables, String name, String value) {
    if (value != null) {
      variables.removeIf(variable -> variable.startsWith(name + "="));
      variables.add(name + "=" + value);
    }
  }

  private static String tasksPerNode(Job job) {
    Runs tasks = new Runs();
    for (NodeAllocation share : Credentials.allocation(job).nodes()) {
      tasks.add(Math.max(1, share.taskCount()));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tasks.size(); i++) {
      long repetitions = tasks.repetitions().get(i);
      text.append(i == 0 ? "" : ",").append(tasks.longs(0).get(i));
      text.append(repetitions > 1 ? "(x" + repetitions + ")" : "");
    }
    return text.toString();
  }
}
