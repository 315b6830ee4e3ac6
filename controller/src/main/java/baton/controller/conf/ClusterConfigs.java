package baton.controller.conf;

import baton.controller.model.ClusterConfig;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.controller.model.Parameter;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.PriorityConfig;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What of slurm.conf goes into the log: that on which the replicas must agree. */
public final class ClusterConfigs {
  private static final Set<String> SCRIPTS = Set.of("PrologSlurmctld", "EpilogSlurmctld");

  private static final long SECONDS_A_MINUTE = 60;
  private static final int PART_DEFAULT = 0x1;
  private static final int PART_HIDDEN = 0x2;
  private static final int PART_NO_ROOT = 0x4;
  private static final int PART_ROOT_ONLY = 0x8;
  private static final int PART_RESERVATION = 0x10;
  private static final int PART_LEAST_LOADED = 0x20;
  private static final int PART_EXCLUSIVE_USER = 0x40;
  private static final int PART_POWER_DOWN_ON_IDLE = 0x80;
  private static final int PART_EXCLUSIVE_TOPOLOGY = 0x10000;

  private final SlurmConf conf;
  private final Release release;
  private final GroupLookup groups;

  private ClusterConfigs(SlurmConf conf, GroupLookup groups) {
    this.conf = conf;
    this.release = conf.release();
    this.groups = groups;
  }

  /** Who is in a group of slurm.conf. */
  @FunctionalInterface
  public interface GroupLookup {
    /** The users of the groups, by id; a name that is no group has none. May block. */
    List<Long> members(List<String> groups);
  }

  public static ClusterConfig of(SlurmConf conf, GroupLookup groups) {
    return new ClusterConfigs(conf, groups).config();
  }

  private ClusterConfig config() {
    ClusterConfig.Builder to =
        ClusterConfig.builder()
            .clusterName(conf.clusterName())
            .release(release.label())
            .slurmUserUid(conf.slurmUser().uid())
            .nodes(nodes())
            .partitions(conf.partitions().stream().map(this::partition).toList())
            .parameters(parameters());
    scheduling(to);
    jobs(to);
    times(to);
    limits(to);
    return to.build();
  }

  private void scheduling(ClusterConfig.Builder to) {
    to.selectType(conf.selectType())
        .selectTypeParameters(SelectTypeParameter.bits(conf.selectTypeParameters()))
        .priorityType(text("PriorityType", "priority/basic"))
        .schedulerType(text("SchedulerType", "sched/backfill"))
        .schedulerParameters(conf.values().set("SchedulerParameters"))
        .preemptMode(conf.preemptMode())
        .priority(priority())
        .mcsPlugin(conf.values().set("MCSPlugin"))
        .privateData(ConfBits.privateData(conf.values().set("PrivateData"), release))
        .accountingStorageEnforce(
            ConfBits.accountingEnforce(conf.values().set("AccountingStorageEnforce")));
  }

  private PriorityConfig priority() {
    return PriorityConfig.builder()
        .calcPeriodSeconds(Math.max(1, minutesAsSeconds("PriorityCalcPeriod")))
        .maxAgeSeconds(Math.max(1, minutesAsSeconds("PriorityMaxAge")))
        .favorSmall(number("PriorityFavorSmall") != 0)
        .flags(ConfBits.priorityFlags(text("PriorityFlags", ""), release))
        .weightAge(number("PriorityWeightAge"))
        .weightJobSize(number("PriorityWeightJobSize"))
        .weightPartition(number("PriorityWeightPartition"))
        .weightTres(conf.values().set("PriorityWeightTRES"))
        .build();
  }

  private long minutesAsSeconds(String key) {
    return ConfTime.minutes(text(key, "0")) * SECONDS_A_MINUTE;
  }

  private void jobs(ClusterConfig.Builder to) {
    to.firstJobId(conf.firstJobId())
        .maxJobId(conf.maxJobId())
        .maxJobCount(conf.maxJobCount())
        .maxArraySize(number("MaxArraySize"))
        .maxStepCount(number("MaxStepCount"))
        .maxTasksPerNode((int) number("MaxTasksPerNode"))
        .maxBatchRequeue(number("MaxBatchRequeue"))
        .jobRequeue(conf.jobRequeue())
        .requeueExit(exitCodes(conf.values().set("RequeueExit")))
        .requeueExitHold(exitCodes(conf.values().set("RequeueExitHold")))
        .killOnBadExit(number("KillOnBadExit") != 0)
        .disableRootJobs(conf.disableRootJobs())
        .prologFlags(PrologFlag.bits(conf.prologFlags()))
        .hasProlog(!conf.values().list("Prolog").isEmpty())
        .hasEpilog(!conf.values().list("Epilog").isEmpty());
  }

  private void times(ClusterConfig.Builder to) {
    to.minJobAgeSeconds(conf.minJobAge().toSeconds())
        .killWaitSeconds((int) conf.killWait().toSeconds())
        .slurmdTimeoutSeconds((int) conf.slurmdTimeout().toSeconds())
        .messageTimeoutSeconds((int) conf.messageTimeout().toSeconds())
        .batchStartTimeoutSeconds((int) conf.batchStartTimeout().toSeconds())
        .completeWaitSeconds((int) conf.completeWait().toSeconds())
        .inactiveLimitSeconds((int) conf.inactiveLimit().toSeconds())
        .overTimeLimitMinutes((int) number("OverTimeLimit"))
        .returnToService(conf.returnToService());
  }

  private void limits(ClusterConfig.Builder to) {
    int enforced =
        switch (conf.enforcePartLimits()) {
          case NO -> 0;
          case ANY -> 1;
          case ALL -> 2;
        };
    to.enforcePartLimits(enforced)
        .defaultMemoryMiB(conf.defaultMemory().mebibytes())
        .defaultMemoryPerCpu(conf.defaultMemory().perCpu())
        .maxMemoryMiB(conf.maxMemory().mebibytes())
        .maxMemoryPerCpu(conf.maxMemory().perCpu());
  }

  private long number(String key) {
    return conf.values().number(key, release);
  }

  private String text(String key, String otherwise) {
    String text = conf.values().text(key, release);
    return text == null ? otherwise : text;
  }

  /** By name; up to 23.11 the last line of a script's key counts, later each of them. */
  private List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    conf.values()
        .all()
        .forEach(
            (name, value) -> {
              boolean each = SCRIPTS.contains(name) && release.atLeast(Release.V24_05);
              List<String> all = each ? conf.values().list(name) : List.of(value);
              all.forEach(one -> parameters.add(Parameter.builder().name(name).value(one).build()));
            });
    return parameters;
  }

  private static Longs exitCodes(String ranges) {
    TreeSet<Long> codes = new TreeSet<>();
    for (String range : Words.of(ranges)) {
      int hyphen = range.indexOf('-');
      String low = hyphen < 0 ? range : range.substring(0, hyphen);
      String high = hyphen < 0 ? range : range.substring(hyphen + 1);
      if (low.matches("[0-9]{1,3}") && high.matches("[0-9]{1,3}")) {
        for (long code = Long.parseLong(low); code <= Long.parseLong(high); code++) {
          codes.add(code);
        }
      }
    }
    return Longs.copyOf(codes);
  }

  private List<NodeDefinition> nodes() {
    Map<String, DownNodesLine> down = new HashMap<>();
    for (DownNodesLine line : conf.downNodes()) {
      line.nodes().forEach(name -> down.put(name, line));
    }
    return conf.nodes().stream().map(node -> node(node, down.get(node.name()))).toList();
  }

  private static NodeDefinition node(ConfiguredNode node, DownNodesLine down) {
    NodeLine line = node.line();
    return NodeDefinition.builder()
        .name(NodeName.of(node.name()))
        .hostName(node.hostname())
        .address(node.address())
        .bcastAddress(node.broadcastAddress())
        .port(node.port())
        .cpus(line.cpus())
        .boards(line.boards())
        .sockets(line.sockets())
        .coresPerSocket(line.coresPerSocket())
        .threadsPerCore(line.threadsPerCore())
        .coreSpecCount(line.coreSpecCount())
        .cpuSpecList(line.cpuSpecList())
        .memorySpecLimitMiB(line.memSpecLimit().value())
        .realMemoryMiB(line.realMemory().value())
        .tmpDiskMiB(line.tmpDiskMiB())
        .weight(line.weight())
        .features(line.features())
        .gres(line.gres())
        .reason(down == null ? line.reason() : down.reason())
        .state(state(down == null ? line.state() : down.state()))
        .cpuBind(cpuBind(line.cpuBind()))
        .build();
  }

  private static long state(ConfiguredNodeState state) {
    return switch (state) {
      // allocations are the state's own business, whatever a file says
      case UNKNOWN, ALLOCATED, MIXED -> NodeState.UNKNOWN.value();
      case DOWN -> NodeState.DOWN.value();
      case IDLE -> NodeState.IDLE.value();
      case ERROR -> NodeState.ERROR.value();
      case FUTURE -> NodeState.FUTURE.value();
      case CLOUD -> NodeState.IDLE.value() | NodeFlag.CLOUD | NodeFlag.POWERED_DOWN;
      case DRAIN -> NodeState.UNKNOWN.value() | NodeFlag.DRAIN;
      case FAIL -> NodeState.IDLE.value() | NodeFlag.FAIL;
    };
  }

  /** CpuBind= as bits (slurm.h, all releases). */
  private static long cpuBind(String text) {
    if (text == null) {
      return 0;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "thread", "threads" -> 0x2;
      case "core", "cores" -> 0x4;
      case "socket", "sockets" -> 0x8;
      case "ldom", "ldoms" -> 0x10;
      case "none", "no" -> 0x20;
      default -> 0;
    };
  }

  /** True if the nodes are named by more than host names. */
  private static boolean usesNodeSets(PartitionLine line) {
    if (line.nodes() == null || line.nodes().equalsIgnoreCase("ALL")) {
      return line.nodes() != null;
    }
    try {
      return HostList.parse(line.nodes()).unique().size() != line.members().size();
    } catch (HostListException notHosts) {
      return true;
    }
  }

  private Partition partition(PartitionLine line) {
    return Partition.builder()
        .name(PartitionName.of(line.name()))
        .nodes(line.members().isEmpty() ? null : HostList.of(line.members()).ranged())
        .members(line.members().stream().map(NodeName::of).toList())
        .nodeSets(usesNodeSets(line) ? line.nodes() : null)
        .allocNodes(line.allocNodes())
        .allowAccounts(line.allowAccounts())
        .allowGroups(line.allowGroups())
        .allowUids(
            line.allowGroups() == null
                ? Longs.EMPTY
                : Longs.copyOf(groups.members(Words.of(line.allowGroups()))))
        .allowQos(line.allowQos())
        .denyAccounts(line.denyAccounts())
        .denyQos(line.denyQos())
        .qos(line.qos())
        .alternate(line.alternate())
        .billingWeights(line.tresBillingWeights())
        .flags(flags(line))
        .stateUp(line.state().bits())
        .crType(line.selectTypeParameters())
        .defaultMemoryMiB(line.defaultMemory().mebibytes())
        .defaultMemoryPerCpu(line.defaultMemory().perCpu())
        .maxMemoryMiB(line.maxMemory().mebibytes())
        .maxMemoryPerCpu(line.maxMemory().perCpu())
        .defaultTimeMinutes(line.defaultTimeMinutes())
        .maxTimeMinutes(line.maxTimeMinutes())
        .maxCpusPerNode(line.maxCpusPerNode())
        .maxCpusPerSocket(line.maxCpusPerSocket())
        .minNodes(line.minNodes())
        .maxNodes(line.maxNodes())
        .graceTimeSeconds(line.graceTimeSeconds())
        .overTimeLimitMinutes(line.overTimeLimitMinutes())
        .preemptMode(line.preemptMode())
        .priorityJobFactor(line.priorityJobFactor())
        .priorityTier(line.priorityTier())
        .maxShare(line.share().bits())
        .resumeTimeoutSeconds(line.resumeTimeoutSeconds())
        .suspendTimeoutSeconds(line.suspendTimeoutSeconds())
        .suspendTimeSeconds(line.suspendTimeSeconds())
        .cpuBind(cpuBind(line.cpuBind()))
        .build();
  }

  private static long flags(PartitionLine line) {
    long flags = line.isDefault() ? PART_DEFAULT : 0;
    flags |= line.hidden() ? PART_HIDDEN : 0;
    flags |= line.noRootJobs() ? PART_NO_ROOT : 0;
    flags |= line.rootOnly() ? PART_ROOT_ONLY : 0;
    flags |= line.requireReservation() ? PART_RESERVATION : 0;
    flags |= line.leastLoadedNodes() ? PART_LEAST_LOADED : 0;
    flags |= line.exclusiveUser() ? PART_EXCLUSIVE_USER : 0;
    flags |= line.powerDownOnIdle() ? PART_POWER_DOWN_ON_IDLE : 0;
    return flags | (line.exclusiveTopology() ? PART_EXCLUSIVE_TOPOLOGY : 0);
  }
}
