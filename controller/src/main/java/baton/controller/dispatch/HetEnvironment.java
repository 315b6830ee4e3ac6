package baton.controller.dispatch;

import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What a heterogeneous job's script is told of each component, in variables that end in the
 * component's number. Source: job_scheduler.c and env.c of 22.05; a recorded environment.
 */
final class HetEnvironment {
  private HetEnvironment() {}

  /** The variables of all components, under today's name and under the one of old. */
  static List<String> of(List<Job> components) {
    List<String> variables = new ArrayList<>();
    for (String suffix : List.of("_HET_GROUP_", "_PACK_GROUP_")) {
      for (Job job : components) {
        component(variables, job, suffix + job.hetOffset());
      }
    }
    variables.add("SLURM_HET_SIZE=" + components.size());
    variables.add("SLURM_PACK_SIZE=" + components.size());
    return variables;
  }

  private static void component(List<String> variables, Job job, String suffix) {
    JobRequest request = job.request();
    set(variables, "SLURM_JOB_ACCOUNT" + suffix, request.account());
    set(variables, "SLURM_JOB_CPUS_PER_NODE" + suffix, each(job, NodeAllocation::cpuCount));
    set(variables, "SLURM_JOB_ID" + suffix, job.id().toString());
    set(variables, "SLURM_JOB_NAME" + suffix, request.name());
    set(variables, "SLURM_JOB_NODELIST" + suffix, Credentials.hosts(job));
    int nodes = Credentials.allocation(job).nodes().size();
    set(variables, "SLURM_JOB_NUM_NODES" + suffix, Integer.toString(nodes));
    set(variables, "SLURM_JOB_PARTITION" + suffix, job.partition().value());
    set(variables, "SLURM_JOB_QOS" + suffix, request.qos());
    set(variables, "SLURM_JOB_RESERVATION" + suffix, request.reservation());
    if (request.memoryMiB() != 0) {
      String name = request.memoryPerCpu() ? "SLURM_MEM_PER_CPU" : "SLURM_MEM_PER_NODE";
      set(variables, name + suffix, Long.toString(request.memoryMiB()));
    }
    set(
        variables,
        "SLURM_TASKS_PER_NODE" + suffix,
        each(job, share -> Math.max(1, share.taskCount())));
  }

  private static void set(List<String> variables, String name, String value) {
    if (value != null) {
      variables.add(name + "=" + value);
    }
  }

  /** A number of each node, equal neighbours counted: {@code 2,1(x3)}. */
  private static String each(Job job, ToIntFunction<NodeAllocation> number) {
    Runs runs = new Runs();
    Credentials.allocation(job).nodes().forEach(share -> runs.add(number.applyAsInt(share)));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < runs.size(); i++) {
      long repetitions = runs.repetitions().get(i);
      text.append(i == 0 ? "" : ",").append(runs.longs(0).get(i));
      text.append(repetitions > 1 ? "(x" + repetitions + ")" : "");
    }
    return text.toString();
  }
}
