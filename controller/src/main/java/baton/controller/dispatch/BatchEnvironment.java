package baton.controller.dispatch;

import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;

/** What the controller adds to a script's environment. */
final class BatchEnvironment {
  private BatchEnvironment() {}

  static List<String> of(Job job, List<String> submitted, Release release) {
    if (!release.atLeast(Release.V24_05)) {
      return submitted;
    }
    JobRequest request = job.request();
    List<String> variables = new ArrayList<>(submitted);
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
