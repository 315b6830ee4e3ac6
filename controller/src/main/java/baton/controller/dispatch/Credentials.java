package baton.controller.dispatch;

import baton.controller.lifecycle.Constraints;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Step;
import baton.controller.model.StepShare;
import baton.protocol.message.Identity;
import baton.protocol.message.JobCredential;
import baton.protocol.message.JobCredentialBody;
import baton.protocol.message.StepId;
import baton.protocol.type.BitString;
import baton.protocol.type.HostList;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Job credentials. All that is in one comes from the state and from who the user is, so that the
 * same debt always makes the same credential: a node must be able to refuse an old one by its time.
 *
 * <p>Source: slurm_cred.c, cred_common.c and job_scheduler.c of 22.05 to 26.05; unsigned, as
 * slurmctld sends it with launches and kills.
 */
final class Credentials {
  static final long BATCH_STEP = 0xfffffffbL;
  static final long EXTERN_STEP = 0xfffffffcL;

  private Credentials() {}

  /** For the batch script on its node. */
  static JobCredential batch(ClusterState state, Job job, Identity identity, Release release) {
    NodeAllocation first = allocation(job).nodes().get(0);
    BitString cores = cores(state, job);
    JobCredentialBody body =
        common(state, job, identity, release, job.launchTime())
            .stepId(step(job, BATCH_STEP))
            .stepHostList(first.node().value())
            .stepCores(cores)
            .jobMemoryArraySize(1)
            .jobMemoryMib(Longs.of(first.memoryMiB()))
            .jobMemoryRepetitions(Longs.of(1))
            .build();
    return JobCredential.builder().body(body).build();
  }

  /** For the prolog on all nodes. */
  static JobCredential prolog(ClusterState state, Job job, Identity identity, Release release) {
    Runs memory = new Runs();
    for (NodeAllocation share : allocation(job).nodes()) {
      memory.add(share.memoryMiB());
    }
    JobCredentialBody body =
        common(state, job, identity, release, job.launchTime())
            .stepId(step(job, EXTERN_STEP))
            .stepHostList(hosts(job))
            .stepCores(cores(state, job))
            .jobMemoryArraySize(memory.size())
            .jobMemoryMib(memory.longs(0))
            .jobMemoryRepetitions(memory.repetitions())
            .build();
    return JobCredential.builder().body(body).build();
  }

  /** For the tasks of a step, to be signed. */
  static JobCredentialBody step(
      ClusterState state, Job job, Step step, Identity identity, Release release) {
    Runs jobMemory = new Runs();
    Map<NodeName, StepShare> shares = new HashMap<>();
    step.shares().forEach(share -> shares.put(share.node(), share));
    BitSet cores = new BitSet();
    int offset = 0;
    for (NodeAllocation held : allocation(job).nodes()) {
      jobMemory.add(held.memoryMiB());
      int first = offset;
      StepShare share = shares.get(held.node());
      if (share != null) {
        share.cores().indices().forEach(core -> cores.set(first + core));
      }
      offset += coreCount(state, held);
    }
    Runs stepMemory = new Runs();
    step.shares().forEach(share -> stepMemory.add(share.memoryMiB()));
    return common(state, job, identity, release, step.lastActive())
        .stepId(
            StepId.builder()
                .jobId(job.id())
                .stepId(step.stepId())
                .stepHetComponent(step.hetComponent())
                .build())
        .stepHostList(step.nodeList())
        .stepCores(BitString.of(offset, cores))
        .jobMemoryArraySize(jobMemory.size())
        .jobMemoryMib(jobMemory.longs(0))
        .jobMemoryRepetitions(jobMemory.repetitions())
        .stepMemoryArraySize(stepMemory.size())
        .stepMemoryMib(stepMemory.longs(0))
        .stepMemoryRepetitions(stepMemory.repetitions())
        .build();
  }

  private static int coreCount(ClusterState state, NodeAllocation share) {
    NodeDefinition definition = definition(state, share);
    return definition.sockets() * definition.coresPerSocket();
  }

  /** For what an epilog may know of its job. */
  static JobCredential kill(
      ClusterState state, Job job, Identity identity, Release release, Instant made) {
    JobCredentialBody body =
        common(state, job, identity, release, made).stepId(step(job, NoVal.NO_VAL)).build();
    return JobCredential.builder().body(body).build();
  }

  static StepId step(Job job, long stepId) {
    return StepId.builder().jobId(job.id()).stepId(stepId).build();
  }

  static StepId step(JobId jobId, long stepId) {
    return StepId.builder().jobId(jobId).stepId(stepId).build();
  }

  /** The job's nodes as Slurm writes them. */
  static String hosts(Job job) {
    return HostList.of(allocation(job).nodes().stream().map(share -> share.node().value()).toList())
        .ranged();
  }

  static Allocation allocation(Job job) {
    if (job.allocation().isEmpty()) {
      throw new IllegalStateException("job " + job.id() + " holds nothing");
    }
    return job.allocation().get(0);
  }

  /** The output file's pattern: from 25.11 on the controller fills the default in. */
  static String standardOutput(Job job, Release release) {
    String given = job.request().standardOutput();
    if (given != null || !release.atLeast(Release.V25_11)) {
      return given;
    }
    return job.arrayTaskId() == NoVal.NO_VAL ? "slurm-%j.out" : "slurm-%A_%a.out";
  }

  private static JobCredentialBody.Builder common(
      ClusterState state, Job job, Identity identity, Release release, Instant made) {
    JobRequest request = job.request();
    List<NodeAllocation> shares = allocation(job).nodes();
    Runs sockets = new Runs();
    Runs cpus = new Runs();
    for (NodeAllocation share : shares) {
      NodeDefinition definition = definition(state, share);
      sockets.add(definition.coresPerSocket(), definition.sockets());
      cpus.add(share.cpuCount());
    }
    BitString cores = cores(state, job);
    return JobCredentialBody.builder()
        .identity(identity)
        .coreSpec(request.coreSpecialization())
        .account(request.account())
        .comment(request.comment())
        .constraints(Constraints.inForce(job))
        .endTime(seconds(job.endTime()))
        .extra(request.extra())
        .exclusive(allocation(job).wholeNode())
        .partition(job.partition().value())
        .qos(request.qos())
        .reservation(request.reservation())
        .restartCount(job.restartCount())
        .startTime(seconds(job.startTime()))
        .standardError(request.standardError())
        .standardInput(request.standardInput())
        .standardOutput(standardOutput(job, release))
        .x11(request.x11())
        .creationTime(seconds(made))
        .totalCoreCount(cores.size())
        .jobCores(cores)
        .coreArraySize(sockets.size())
        .coresPerSocket(sockets.ints(0))
        .socketsPerNode(sockets.ints(1))
        .coreArrayRepetitions(sockets.repetitions())
        .cpuArraySize(cpus.size())
        .cpuCounts(cpus.ints(0))
        .cpuCountRepetitions(cpus.repetitions())
        .jobNodeCount(shares.size())
        .taskCount(taskCount(job))
        .jobHostList(hosts(job))
        .licenses(request.licenses())
        .selinuxContext(request.selinuxContext());
  }

  static long taskCount(Job job) {
    return job.request().taskCount() == NoVal.NO_VAL ? 0 : job.request().taskCount();
  }

  static long seconds(Instant time) {
    return time == null ? 0 : time.getEpochSecond();
  }

  /** The job's cores, over all cores of its nodes. */
  private static BitString cores(ClusterState state, Job job) {
    BitSet set = new BitSet();
    int size = 0;
    for (NodeAllocation share : allocation(job).nodes()) {
      int offset = size;
      NodeDefinition definition = definition(state, share);
      share.cores().indices().forEach(core -> set.set(offset + core));
      size += definition.sockets() * definition.coresPerSocket();
    }
    return BitString.of(size, set);
  }

  /** The node's shape; of a node that was changed since, what its cores say of it. */
  private static NodeDefinition definition(ClusterState state, NodeAllocation share) {
    int held = share.cores().size();
    return state
        .nodes()
        .get(share.node())
        .map(node -> node.definition())
        .filter(found -> found.sockets() * found.coresPerSocket() == held)
        .orElseGet(
            () ->
                NodeDefinition.builder()
                    .name(share.node())
                    .sockets(1)
                    .coresPerSocket(held)
                    .build());
  }
}
