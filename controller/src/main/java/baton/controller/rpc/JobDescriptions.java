package baton.controller.rpc;

import baton.controller.journal.JobText;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.JobRequest;
import baton.controller.model.Parameter;
import baton.controller.model.PartitionName;
import baton.controller.snapshot.BlobStore;
import baton.protocol.auth.Caller;
import baton.protocol.message.JobDescription;
import baton.protocol.type.Bytes;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client asks for, turned into the model's terms: NO_VAL and empty texts become what they
 * stand for, nothing is judged. Pure; any thread.
 */
final class JobDescriptions {
  private static final long MEMORY_PER_CPU = 0x8000000000000000L;
  private static final long CYCLIC = 1;
  private static final long NOBODY = 99;
  private static final long LONGEST_SWITCH_WAIT_SECONDS = 300;

  private JobDescriptions() {}

  /**
   * The description with its owner named: clients of 23.11 and newer leave the owner to the
   * credential and put slurm.h's SLURM_AUTH_NOBODY in its place.
   */
  static JobDescription owned(JobDescription asked, Caller caller) {
    JobDescription.Builder owned = asked.toBuilder();
    if (asked.userId().value() == NOBODY) {
      owned.userId(caller.uid());
    }
    if (asked.groupId().value() == NOBODY) {
      owned.groupId(caller.gid());
    }
    return owned.build();
  }

  /** The request of a submission. */
  static JobRequest request(JobDescription asked, ClusterConfig config, int protocolVersion) {
    JobRequest.Builder request = JobRequest.builder();
    identity(asked, request);
    texts(asked, request);
    paths(asked, request);
    switches(asked, config, request);
    sizes(asked, config, request);
    binding(asked, config, request);
    times(asked, request);
    return request.submitProtocolVersion(protocolVersion).build();
  }

  private static void identity(JobDescription asked, JobRequest.Builder request) {
    request
        .name(orNull(asked.jobName()))
        .userId(asked.userId())
        .groupId(asked.groupId())
        .account(lower(asked.account()))
        .wckey(lower(asked.wckey()))
        .qos(orNull(asked.qos()))
        .partitions(partitions(asked.partition()))
        .partitionGiven(orNull(asked.partition()) != null)
        .submitHost(orNull(asked.allocNode()))
        .submitSessionId(asked.allocSid())
        .responseHost(orNull(asked.responseHost()))
        .responsePort(orZero16(asked.allocResponsePort()))
        .otherPort(orZero16(asked.otherPort()))
        .originCluster(orNull(asked.originCluster()))
        .submitLine(asked.submitLine())
        .script(blobId(script(asked)))
        .environment(blobId(environment(asked)))
        .batch(asked.script() != null);
  }

  private static void texts(JobDescription asked, JobRequest.Builder request) {
    request
        .comment(orNull(asked.comment()))
        .adminComment(orNull(asked.adminComment()))
        .extra(orNull(asked.extra()))
        .features(orNull(asked.features()))
        .prefer(orNull(asked.prefer()))
        .batchFeatures(orNull(asked.batchFeatures()))
        .clusterFeatures(orNull(asked.clusterFeatures()))
        .licenses(orNull(asked.licenses()))
        .reservation(orNull(asked.reservation()))
        .dependency(orNull(asked.dependency()))
        .network(orNull(asked.network()))
        .mcsLabel(orNull(asked.mcsLabel()))
        .burstBuffer(orNull(asked.burstBuffer()))
        .container(orNull(asked.container()))
        .containerId(orNull(asked.containerId()))
        .mailUser(orNull(asked.mailUser()))
        .mailType(orZero16(asked.mailType()))
        .requiredNodes(orNull(asked.requiredNodes()))
        .excludedNodes(orNull(asked.excludedNodes()))
        .tresPerJob(orNull(asked.tresPerJob()))
        .tresPerNode(orNull(asked.tresPerNode()))
        .tresPerSocket(orNull(asked.tresPerSocket()))
        .tresPerTask(orNull(asked.tresPerTask()))
        .cpusPerTres(orNull(asked.cpusPerTres()))
        .memoryPerTres(orNull(asked.memoryPerTres()))
        .tresBind(orNull(asked.tresBind()))
        .tresFrequency(orNull(asked.tresFrequency()))
        .arrayIndexes(orNull(asked.arrayIndexes()))
        .selinuxContext(orNull(asked.selinuxContext()));
  }

  private static void paths(JobDescription asked, JobRequest.Builder request) {
    List<String> arguments = asked.arguments();
    request
        .workDir(orNull(asked.workDir()))
        .standardError(orNull(asked.standardError()))
        .standardInput(orNull(asked.standardInput()))
        .standardOutput(orNull(asked.standardOutput()))
        .arguments(arguments)
        .command(arguments.isEmpty() ? null : arguments.get(0))
        .spankEnvironment(asked.spankEnvironment())
        .x11(asked.x11())
        .x11MagicCookie(orNull(asked.x11MagicCookie()))
        .x11Target(orNull(asked.x11Target()))
        .x11TargetPort(asked.x11TargetPort());
  }

  private static void switches(
      JobDescription asked, ClusterConfig config, JobRequest.Builder request) {
    request
        .requeue(asked.requeue() == NoVal.NO_VAL16 ? config.jobRequeue() : asked.requeue() != 0)
        .reboot(asked.reboot() != NoVal.NO_VAL16 && asked.reboot() != 0)
        .killOnNodeFail(asked.killOnNodeFail() != 0)
        .contiguous(asked.contiguous() != NoVal.NO_VAL16 && asked.contiguous() != 0)
        .overcommit(asked.overcommit() != NoVal.NO_VAL8 && asked.overcommit() != 0)
        .openMode(asked.openMode())
        .shareMode(asked.shared())
        .bitFlags(asked.bitFlags())
        .profile(asked.profile())
        .waitAllNodes(asked.waitAllNodes())
        .warnFlags(orZero16(asked.warnFlags()))
        .warnSignal(orZero16(asked.warnSignal()))
        .warnTimeSeconds(orZero16(asked.warnTime()))
        .priorityAsked(asked.priority())
        .nice(asked.nice() == NoVal.NO_VAL ? 0x80000000L : asked.nice())
        .siteFactor(asked.siteFactor() == NoVal.NO_VAL ? 0x80000000L : asked.siteFactor());
  }

  /** How many nodes are named; 1 if none are, or no proper ones. */
  private static long named(String nodes) {
    try {
      return orNull(nodes) == null ? 1 : Math.max(1, HostList.parse(nodes).unique().size());
    } catch (HostListException refusedLater) {
      return 1;
    }
  }

  private static void sizes(
      JobDescription asked, ClusterConfig config, JobRequest.Builder request) {
    long memory = asked.minMemory();
    boolean given = memory != NoVal.NO_VAL64;
    long least = orDefault(asked.minNodes(), named(asked.requiredNodes()));
    request
        .minNodes(least)
        .maxNodes(orDefault(asked.maxNodes(), 0))
        .minCpus(orDefault(asked.minCpus(), least))
        .maxCpus(asked.maxCpus())
        .taskCount(asked.numTasks())
        .cpusPerTask(asked.cpusPerTask())
        .tasksPerNode(orZero16(asked.ntasksPerNode()))
        .tasksPerSocket(orUnlimited16(asked.ntasksPerSocket()))
        .tasksPerCore(orUnlimited16(asked.ntasksPerCore()))
        .tasksPerBoard(orZero16(asked.ntasksPerBoard()))
        .boardsPerNode(asked.boardsPerNode())
        .socketsPerBoard(asked.socketsPerBoard())
        .socketsPerNode(asked.socketsPerNode())
        .coresPerSocket(asked.coresPerSocket())
        .threadsPerCore(asked.threadsPerCore())
        .minCpusPerNode(
            asked.minCpusPerNode() == NoVal.NO_VAL16 ? 1 : Math.max(1, asked.minCpusPerNode()))
        .memoryMiB(given ? memory & ~MEMORY_PER_CPU : NoVal.NO_VAL64)
        .memoryPerCpu(given && (memory & MEMORY_PER_CPU) != 0)
        .minTmpDiskMiB(orDefault(asked.minTemporaryDisk(), 0))
        .coreSpecialization(mayReserveCores(config) ? asked.coreSpec() : NoVal.NO_VAL16);
  }

  /** Without AllowSpecResourcesUsage, cores for the system cannot be asked for. */
  private static boolean mayReserveCores(ClusterConfig config) {
    for (Parameter parameter : config.parameters()) {
      if (parameter.name().equalsIgnoreCase("AllowSpecResourcesUsage")) {
        String value = parameter.value() == null ? "" : parameter.value();
        return value.equalsIgnoreCase("yes") || value.equalsIgnoreCase("true") || value.equals("1");
      }
    }
    return false;
  }

  private static void binding(
      JobDescription asked, ClusterConfig config, JobRequest.Builder request) {
    request
        .planeSize(asked.planeSize())
        .taskDistribution(orDefault(asked.taskDistribution(), CYCLIC))
        .cpuBind(orNull(asked.cpuBind()))
        .cpuBindType(orZero16(asked.cpuBindType()))
        .memoryBind(orNull(asked.memoryBind()))
        .memoryBindType(orZero16(asked.memoryBindType()))
        .cpuFrequencyMin(asked.cpuFrequencyMin())
        .cpuFrequencyMax(asked.cpuFrequencyMax())
        .cpuFrequencyGovernor(asked.cpuFrequencyGovernor())
        .nodeSwitches(orDefault(asked.requestedSwitches(), 0))
        .waitForSwitchesSeconds(switchWait(asked, config));
  }

  /** How long to wait for few switches: as asked, at most SchedulerParameters=max_switch_wait. */
  private static long switchWait(JobDescription asked, ClusterConfig config) {
    if (asked.requestedSwitches() == NoVal.NO_VAL) {
      return 0;
    }
    return Math.min(asked.waitForSwitches(), longestSwitchWait(config));
  }

  static long longestSwitchWait(ClusterConfig config) {
    String parameters = config.schedulerParameters() == null ? "" : config.schedulerParameters();
    for (String parameter : parameters.split(",", -1)) {
      String text = parameter.strip().toLowerCase(Locale.ROOT);
      if (text.matches("max_switch_wait=[0-9]{1,9}")) {
        return Long.parseLong(text.substring(text.indexOf('=') + 1));
      }
    }
    return LONGEST_SWITCH_WAIT_SECONDS;
  }

  private static void times(JobDescription asked, JobRequest.Builder request) {
    request
        .timeLimitMinutes(asked.timeLimit())
        .timeMinMinutes(orDefault(asked.timeMin(), 0))
        .beginTime(instant(asked.beginTime()))
        .deadline(instant(asked.deadline()))
        .delayBootSeconds(orDefault(asked.delayBoot(), 0));
  }

  /** The script's bytes; null for a job without one. */
  static Bytes script(JobDescription asked) {
    return asked.script() == null ? null : Bytes.owning(JobText.ofScript(asked.script()));
  }

  /** The environment as one text, each variable ended by NUL; null for none. */
  static Bytes environment(JobDescription asked) {
    return asked.environment().isEmpty()
        ? null
        : Bytes.owning(JobText.ofEnvironment(asked.environment()));
  }

  static List<PartitionName> partitions(String text) {
    List<PartitionName> names = new ArrayList<>();
    if (text != null) {
      for (String name : text.split(",", -1)) {
        if (!name.isEmpty() && !names.contains(PartitionName.of(name))) {
          names.add(PartitionName.of(name));
        }
      }
    }
    return names;
  }

  private static BlobId blobId(Bytes content) {
    return content == null ? null : BlobStore.idOf(content.toByteArray());
  }

  static Instant instant(long epochSeconds) {
    return epochSeconds == 0 || epochSeconds == NoVal.NO_VAL
        ? null
        : WireTimes.instant(epochSeconds);
  }

  static String orNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static String lower(String text) {
    return text == null || text.isEmpty() ? null : text.toLowerCase(Locale.ROOT);
  }

  private static int orZero16(int value) {
    return value == NoVal.NO_VAL16 ? 0 : value;
  }

  private static int orUnlimited16(int value) {
    return value == NoVal.NO_VAL16 ? NoVal.INFINITE16 : value;
  }

  private static long orDefault(long value, long otherwise) {
    return value == NoVal.NO_VAL ? otherwise : value;
  }
}
