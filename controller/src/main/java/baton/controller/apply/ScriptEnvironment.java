package baton.controller.apply;

import baton.controller.lifecycle.Constraints;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterConfig;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import baton.protocol.type.HostList;
import baton.protocol.type.NoVal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment of programs that the controller runs about a job, as slurmctld has it: these
 * variables and no others. Source: 22.05 src/slurmctld/job_mgr.c.
 */
final class ScriptEnvironment {
  private ScriptEnvironment() {}

  /**
   * Each NAME=value, sorted.
   *
   * @param ended true to tell how the job ended
   */
  static List<String> of(ClusterConfig config, Job job, boolean ended) {
    Map<String, String> variables = new TreeMap<>();
    JobRequest request = job.request();
    for (String variable : request.spankEnvironment()) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        variables.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    who(job, variables);
    put(variables, "SLURM_CLUSTER_NAME", config.clusterName());
    put(variables, "SLURM_JOB_ACCOUNT", request.account());
    put(variables, "SLURM_JOB_COMMENT", request.comment());
    put(variables, "SLURM_JOB_LICENSES", request.licenses());
    put(variables, "SLURM_JOB_NAME", request.name());
    put(variables, "SLURM_JOB_PARTITION", job.partition().value());
    put(variables, "SLURM_JOB_RESERVATION", request.reservation());
    put(variables, "SLURM_JOB_RESTART_COUNT", String.valueOf(job.restartCount()));
    put(variables, "SLURM_WCKEY", request.wckey());
    put(variables, "SLURM_JOB_CONSTRAINTS", Constraints.inForce(job));
    put(variables, "SLURM_JOB_STDERR", request.standardError());
    put(variables, "SLURM_JOB_STDIN", request.standardInput());
    put(variables, "SLURM_JOB_STDOUT", request.standardOutput());
    put(variables, "SLURM_JOB_WORK_DIR", request.workDir());
    if (job.arrayTaskId() != NoVal.NO_VAL) {
      put(variables, "SLURM_ARRAY_JOB_ID", job.arrayJobId().toString());
      put(variables, "SLURM_ARRAY_TASK_ID", String.valueOf(job.arrayTaskId()));
    }
    if (!job.allocation().isEmpty()) {
      where(job.allocation().get(0), variables);
    }
    if (ended) {
      long signal = job.exitCode() & 0x7f;
      long exitCode = signal == 0 ? (job.exitCode() >> 8) & 0xff : 0;
      put(variables, "SLURM_JOB_DERIVED_EC", String.valueOf(job.derivedExitCode()));
      put(variables, "SLURM_JOB_EXIT_CODE", String.valueOf(job.exitCode()));
      put(variables, "SLURM_JOB_EXIT_CODE2", exitCode + ":" + signal);
    }
    return variables.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
  }

  private static void who(Job job, Map<String, String> variables) {
    JobRequest request = job.request();
    put(variables, "SLURM_JOBID", job.id().toString());
    put(variables, "SLURM_JOB_ID", job.id().toString());
    put(variables, "SLURM_JOB_UID", String.valueOf(request.userId().value()));
    put(variables, "SLURM_JOB_USER", request.userName());
    put(variables, "SLURM_JOB_GID", String.valueOf(request.groupId().value()));
    put(variables, "SLURM_JOB_GROUP", group(request));
  }

  /** The name of the group that the job runs under, if its owner's facts tell; else its number. */
  private static String group(JobRequest request) {
    String number = String.valueOf(request.groupId().value());
    String facts = request.identity() == null ? "" : request.identity();
    String groups = facts.substring(facts.lastIndexOf('|') + 1);
    for (String group : groups.split(",", -1)) {
      if (group.startsWith(number + "=")) {
        return group.substring(number.length() + 1);
      }
    }
    return number;
  }

  private static void where(Allocation allocation, Map<String, String> variables) {
    List<String> names =
        allocation.nodes().stream().map(NodeAllocation::node).map(node -> node.value()).toList();
    put(variables, "SLURM_JOB_NODELIST", HostList.of(names).ranged());
    put(variables, "SLURM_JOB_NUM_NODES", String.valueOf(names.size()));
    put(variables, "SLURM_JOB_CPUS_PER_NODE", cpus(allocation.nodes()));
  }

  /** Runs of equal counts, such as {@code 4(x2),2}. */
  private static String cpus(List<NodeAllocation> nodes) {
    StringBuilder text = new StringBuilder();
    for (int first = 0, end; first < nodes.size(); first = end) {
      int count = nodes.get(first).cpuCount();
      end = first + 1;
      while (end < nodes.size() && nodes.get(end).cpuCount() == count) {
        end++;
      }
      text.append(first == 0 ? "" : ",").append(count);
      if (end - first > 1) {
        text.append("(x").append(end - first).append(')');
      }
    }
    return text.toString();
  }

  private static void put(Map<String, String> variables, String name, String value) {
    if (value != null) {
      variables.put(name, value);
    }
  }
}
