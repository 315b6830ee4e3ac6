package baton.controller.conf;

import baton.protocol.type.NoVal;
import java.util.List;

/**
 * A PartitionName line with Slurm's defaults filled in. Numbers are as on the wire: {@link
 * NoVal#INFINITE} is no limit, {@link NoVal#NO_VAL} (or NO_VAL16) not set.
 *
 * @param name PartitionName
 * @param nodes Nodes as written, blanks as commas; may be null
 * @param members the names of its nodes, in the order in which nodes are defined, each once
 * @param isDefault whether jobs go there that name no partition; true of at most one
 * @param state State
 * @param hidden Hidden
 * @param rootOnly RootOnly
 * @param noRootJobs DisableRootJobs, here or for the cluster
 * @param requireReservation ReqResv
 * @param leastLoadedNodes LLN
 * @param exclusiveUser ExclusiveUser
 * @param exclusiveTopology ExclusiveTopo
 * @param powerDownOnIdle PowerDownOnIdle
 * @param maxTimeMinutes MaxTime
 * @param defaultTimeMinutes DefaultTime; NO_VAL: MaxTime
 * @param minNodes MinNodes
 * @param maxNodes MaxNodes
 * @param maxCpusPerNode MaxCPUsPerNode
 * @param maxCpusPerSocket MaxCPUsPerSocket
 * @param share how nodes are shared
 * @param defaultMemory DefMemPerNode or DefMemPerCPU
 * @param maxMemory MaxMemPerNode or MaxMemPerCPU
 * @param priorityJobFactor PriorityJobFactor
 * @param priorityTier PriorityTier
 * @param overTimeLimitMinutes OverTimeLimit, NO_VAL16: the cluster's
 * @param graceTimeSeconds GraceTime
 * @param preemptMode PreemptMode as bits, NO_VAL16: the cluster's
 * @param selectTypeParameters CR_ bits that differ from the cluster's, 0 if none
 * @param resumeTimeoutSeconds ResumeTimeout, NO_VAL16: the cluster's
 * @param suspendTimeSeconds SuspendTime, NO_VAL: the cluster's
 * @param suspendTimeoutSeconds SuspendTimeout, NO_VAL16: the cluster's
 * @param allowAccounts AllowAccounts, lower case; null: all
 * @param allowGroups AllowGroups; null: all
 * @param allowQos AllowQos, lower case; null: all
 * @param denyAccounts DenyAccounts, lower case; may be null
 * @param denyQos DenyQos, lower case; may be null
 * @param allocNodes AllocNodes; null: all
 * @param alternate Alternate; may be null
 * @param qos QOS; may be null
 * @param tresBillingWeights TRESBillingWeights; may be null
 * @param defCpuPerGpu DefCPUPerGPU, 0 if not set
 * @param defMemPerGpu DefMemPerGPU, 0 if not set
 * @param cpuBind CpuBind as written; may be null
 */
public record PartitionLine(
    String name,
    String nodes,
    List<String> members,
    boolean isDefault,
    State state,
    boolean hidden,
    boolean rootOnly,
    boolean noRootJobs,
    boolean requireReservation,
    boolean leastLoadedNodes,
    boolean exclusiveUser,
    boolean exclusiveTopology,
    boolean powerDownOnIdle,
    long maxTimeMinutes,
    long defaultTimeMinutes,
    long minNodes,
    long maxNodes,
    long maxCpusPerNode,
    long maxCpusPerSocket,
    Share share,
    MemoryLimit defaultMemory,
    MemoryLimit maxMemory,
    int priorityJobFactor,
    int priorityTier,
    int overTimeLimitMinutes,
    long graceTimeSeconds,
    int preemptMode,
    int selectTypeParameters,
    int resumeTimeoutSeconds,
    long suspendTimeSeconds,
    int suspendTimeoutSeconds,
    String allowAccounts,
    String allowGroups,
    String allowQos,
    String denyAccounts,
    String denyQos,
    String allocNodes,
    String alternate,
    String qos,
    String tresBillingWeights,
    long defCpuPerGpu,
    long defMemPerGpu,
    String cpuBind) {

  /** State=, with the bits of the wire: 1 submissions are taken, 2 jobs are started. */
  public enum State {
    INACTIVE(0),
    DOWN(1),
    DRAIN(2),
    UP(3);

    private final int bits;

    State(int bits) {
      this.bits = bits;
    }

    public int bits() {
      return bits;
    }
  }

  /**
   * OverSubscribe=.
   *
   * @param jobs how many jobs may share a resource; 0 for EXCLUSIVE, 1 for NO
   * @param force FORCE: users have no say
   */
  public record Share(int jobs, boolean force) {
    private static final int FORCE_BIT = 0x8000;

    /** As on the wire. */
    public int bits() {
      return force ? jobs | FORCE_BIT : jobs;
    }
  }
}
