package baton.controller.conf;

import baton.protocol.type.MemoryMiB;

/**
 * What a NodeName line says about each of its nodes, with Slurm's defaults filled in and made
 * consistent as slurmctld does: CPUs equal sockets, cores or threads of the node.
 *
 * @param nodeNames the expression after NodeName=
 * @param cpus 1 to 65535
 * @param boards at least 1
 * @param sockets of all boards, at least 1
 * @param coresPerSocket at least 1
 * @param threadsPerCore at least 1
 * @param realMemory RealMemory
 * @param tmpDiskMiB TmpDisk
 * @param weight Weight
 * @param features Feature, comma-separated; may be null
 * @param gres Gres; may be null
 * @param state State
 * @param reason Reason; may be null
 * @param coreSpecCount CoreSpecCount
 * @param cpuSpecList CPUSpecList as ranges of CPU numbers; may be null
 * @param memSpecLimit MemSpecLimit
 * @param cpuBind CpuBind as written; may be null
 * @param tresWeights TRESWeights; may be null
 */
public record NodeLine(
    String nodeNames,
    int cpus,
    int boards,
    int sockets,
    int coresPerSocket,
    int threadsPerCore,
    MemoryMiB realMemory,
    long tmpDiskMiB,
    long weight,
    String features,
    String gres,
    ConfiguredNodeState state,
    String reason,
    int coreSpecCount,
    String cpuSpecList,
    MemoryMiB memSpecLimit,
    String cpuBind,
    String tresWeights) {}
