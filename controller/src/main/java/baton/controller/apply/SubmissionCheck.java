package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.lifecycle.Constraints;
import baton.controller.lifecycle.GenericResources;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.PartitionLimits;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a request makes sense, and whether a partition lets it in: slurmctld's checks, in order.
 */
final class SubmissionCheck {
  private static final int SUBMITS = 0x1;
  private static final int SECONDS_PER_MINUTE = 60;

  /** PrologFlags=X11. */
  private static final int PROLOG_X11 = 0x10;

  /** EnforcePartLimits=ALL. */
  private static final int ALL_LIMITS = 1;

  private static final long DEFAULT_PARTITION = 0x1;

  private SubmissionCheck() {}

  /**
   * The partitions of a request.
   *
   * @param names those that take submissions; empty when refused
   * @param refusal why there are none
   * @param text what the client is told besides, or null
   */
  record Choice(List<PartitionName> names, SlurmError refusal, String text) {}

  /** Checks of the message alone; null if all is well. */
  static SlurmError before(Change change, JobRequest asked) {
    BitSet tasks = tasks(change, asked);
    if (tasks == null) {
      return SlurmError.ESLURM_INVALID_ARRAY;
    }
    boolean forwards = (change.config().prologFlags() & PROLOG_X11) != 0;
    if (asked.x11() != 0 && (asked.batch() || !forwards)) {
      return SlurmError.ESLURM_X11_NOT_AVAIL;
    }
    if (asked.requiredNodes() != null && hosts(asked.requiredNodes()) == null) {
      return SlurmError.ESLURM_INVALID_NODE_NAME;
    }
    int more = Math.max(1, tasks.cardinality());
    return change.jobCount() + more >= change.config().maxJobCount() ? SlurmError.EAGAIN : null;
  }

  /** The tasks of the array that is asked for: empty for a plain job, null if refused. */
  static BitSet tasks(Change change, JobRequest asked) {
    if (asked.arrayIndexes() == null || asked.arrayIndexes().isEmpty()) {
      return new BitSet();
    }
    if (asked.script() == null || change.config().maxArraySize() == 0) {
      return null;
    }
    BitSet tasks = JobArrays.tasks(asked.arrayIndexes(), change.config().maxArraySize());
    double most =
        Settings.number(
            change.config(), "SchedulerParameters", "max_array_tasks", Integer.MAX_VALUE);
    boolean tooMany = tasks != null && tasks.cardinality() > most;
    return tooMany ? null : tasks;
  }

  /** The request with the counts that follow from others. */
  static JobRequest sized(Change change, JobRequest asked) {
    JobRequest.Builder full = asked.toBuilder();
    boolean mayChoose = StandIn.isAtLeast(change.config(), Release.V23_02);
    int named =
        asked.requiredNodes() == null || (mayChoose && asked.minNodes() != NoVal.NO_VAL)
            ? 0
            : hosts(asked.requiredNodes()).unique().size();
    long minNodes = Math.max(named, asked.minNodes());
    long minCpus = Math.max(named, asked.minCpus());
    int cpusPerTask = asked.cpusPerTask() == NoVal.NO_VAL16 ? 1 : Math.max(1, asked.cpusPerTask());
    long tasks = asked.taskCount();
    if (asked.tasksPerNode() > 0 && tasks == NoVal.NO_VAL) {
      tasks = asked.tasksPerNode() * minNodes;
    }
    if (!asked.overcommit() && tasks != NoVal.NO_VAL && tasks > minCpus) {
      minCpus = tasks * cpusPerTask;
    }
    int perNode = Math.max(1, asked.minCpusPerNode());
    if (asked.tasksPerNode() > 0 && !asked.overcommit() && tasks != NoVal.NO_VAL && tasks > 1) {
      perNode = Math.max(perNode, Math.min(0xffff, cpusPerTask * asked.tasksPerNode()));
    }
    return full.minNodes(minNodes)
        .minCpus(minNodes == 0 ? minCpus : Math.max(minCpus, 1))
        .taskCount(tasks)
        .minCpusPerNode(Math.max(perNode, cpusPerTask))
        .build();
  }

  static SlurmError requiredNodes(Change change, JobRequest asked) {
    SlurmError unknown = known(change, asked.requiredNodes());
    if (unknown != null) {
      return unknown;
    }
    boolean tooFew = asked.maxNodes() != 0 && asked.minNodes() > asked.maxNodes();
    return tooFew ? SlurmError.ESLURM_INVALID_NODE_COUNT : null;
  }

  /** The partitions asked for, or the default one. */
  static Choice partitions(Change change, List<PartitionName> asked) {
    List<PartitionName> names = new ArrayList<>();
    if (asked.isEmpty()) {
      for (Partition partition : change.partitions().values()) {
        if ((partition.flags() & DEFAULT_PARTITION) != 0) {
          names = List.of(partition.name());
        }
      }
      if (names.isEmpty()) {
        return new Choice(List.of(), SlurmError.ESLURM_DEFAULT_PARTITION_NOT_SET, null);
      }
    } else {
      names = asked;
    }
    List<PartitionName> open = new ArrayList<>();
    for (PartitionName name : names) {
      Partition partition = change.partition(name);
      if (partition == null) {
        String text = "invalid partition specified: " + name.value();
        return new Choice(List.of(), SlurmError.ESLURM_INVALID_PARTITION_NAME, text);
      }
      if ((partition.stateUp() & SUBMITS) != 0) {
        open.add(name);
      }
    }
    return open.isEmpty()
        ? new Choice(List.of(), SlurmError.ESLURM_PARTITION_NOT_AVAIL, null)
        : new Choice(open, null, null);
  }

  /** Checks against the partitions; limits bind only where EnforcePartLimits says so. */
  static SlurmError admitted(
      Change change, Caller caller, JobRequest request, List<PartitionName> names) {
    boolean enforced = change.config().enforcePartLimits() != 0;
    boolean all = change.config().enforcePartLimits() == ALL_LIMITS;
    // With several partitions one that does not let the job in keeps it waiting there only.
    boolean tolerant = names.size() > 1 && !enforced;
    SlurmError last = null;
    boolean any = false;
    for (PartitionName name : names) {
      Partition partition = change.partition(name);
      SlurmError refusal =
          PartitionLimits.refusal(
              request,
              caller.superUser(),
              request.timeLimitMinutes(),
              partition,
              PartitionLimits.Size.of(change.nodes(), partition));
      if (refusal == null && enforced && outside(request, partition)) {
        refusal = SlurmError.ESLURM_REQUESTED_NODES_NOT_IN_PARTITION;
      }
      boolean strangersWait = StandIn.isAtLeast(change.config(), Release.V23_02);
      boolean barred =
          refusal == SlurmError.ESLURM_ACCESS_DENIED
              || refusal == SlurmError.ESLURM_USER_ID_MISSING
              || (refusal == SlurmError.ESLURM_JOB_MISSING_REQUIRED_PARTITION_GROUP
                  && !strangersWait);
      if ((barred && !tolerant) || (refusal != null && all)) {
        return refusal;
      }
      any |= refusal == null;
      last = refusal == null ? last : refusal;
    }
    if (enforced && !any) {
      return last;
    }
    return times(change, request, names);
  }

  private static SlurmError times(Change change, JobRequest request, List<PartitionName> names) {
    long most = 0;
    for (PartitionName name : names) {
      most = Math.max(most, change.partition(name).maxTimeMinutes());
    }
    boolean unlimited = request.timeLimitMinutes() == NoVal.NO_VAL;
    if (unlimited && change.partition(names.get(0)).defaultTimeMinutes() == 0) {
      return SlurmError.ESLURM_INVALID_TIME_LIMIT;
    }
    if (request.timeMinMinutes() > most
        || (!unlimited && request.timeMinMinutes() > request.timeLimitMinutes())) {
      return SlurmError.ESLURM_INVALID_TIME_MIN_LIMIT;
    }
    return request.deadline() == null ? null : deadline(change, request);
  }

  /** The least time that a job asked for must fit before its deadline if it starts now. */
  private static SlurmError deadline(Change change, JobRequest request) {
    Instant now = change.now();
    long least = request.timeMinMinutes();
    if (request.deadline().isBefore(now)) {
      return SlurmError.ESLURM_INVALID_TIME_LIMIT;
    }
    if (least != 0 && request.deadline().isBefore(now.plusSeconds(least * SECONDS_PER_MINUTE))) {
      return SlurmError.ESLURM_INVALID_TIME_MIN_LIMIT;
    }
    long limit = request.timeLimitMinutes();
    boolean judged = least == 0 && limit != NoVal.NO_VAL;
    return judged
            && StandIn.isAtLeast(change.config(), Release.V23_02)
            && request
                .deadline()
                .isBefore(earliest(request, now).plusSeconds(limit * SECONDS_PER_MINUTE))
        ? SlurmError.ESLURM_INVALID_TIME_LIMIT
        : null;
  }

  private static Instant earliest(JobRequest request, Instant now) {
    Instant begin = request.beginTime();
    return begin == null || begin.isBefore(now) ? now : begin;
  }

  /** Checks that come once the partitions are known. */
  static SlurmError after(Change change, JobRequest request) {
    if (request.batch() && request.script() == null) {
      return SlurmError.ESLURM_JOB_SCRIPT_MISSING;
    }
    if (request.licenses() != null) {
      return SlurmError.ESLURM_INVALID_LICENSES;
    }
    if (GenericResources.areAsked(request.tresPerNode())
        || GenericResources.areAsked(request.tresPerJob())
        || GenericResources.areAsked(request.tresPerSocket())
        || GenericResources.areAsked(request.tresPerTask())) {
      return SlurmError.ESLURM_INVALID_GRES;
    }
    SlurmError unknown = known(change, request.excludedNodes());
    if (unknown != null) {
      return unknown;
    }
    if (request.excludedNodes() != null && request.requiredNodes() != null) {
      HostList excluded = hosts(request.excludedNodes());
      for (String host : hosts(request.requiredNodes()).hosts()) {
        if (excluded.contains(host)) {
          return SlurmError.ESLURM_INVALID_NODE_NAME;
        }
      }
    }
    return null;
  }

  /** Checks that come after the dependency's. */
  static SlurmError last(Change change, JobRequest request) {
    SlurmError refusal = constraints(change, request);
    if (refusal == null && request.batchFeatures() != null) {
      return SlurmError.ESLURM_BATCH_CONSTRAINT;
    }
    if (refusal == null && request.reservation() != null) {
      return SlurmError.ESLURM_RESERVATION_INVALID;
    }
    return refusal;
  }

  private static SlurmError constraints(Change change, JobRequest request) {
    if (request.features() == null && request.prefer() == null) {
      return null;
    }
    Set<String> known = features(change);
    Release release = StandIn.of(change.config());
    SlurmError refusal = Constraints.refusal(request.features(), known, release);
    if (refusal != null) {
      return refusal;
    }
    Set<String> judged = ignoresPreference(change) ? null : known;
    return Constraints.refusalOfPreference(request.prefer(), judged, release);
  }

  /** SchedulerParameters=ignore_prefer_validation: what no node has can be preferred. */
  static boolean ignoresPreference(Change change) {
    String parameters = change.config().schedulerParameters();
    return parameters != null
        && parameters.toLowerCase(Locale.ROOT).contains("ignore_prefer_validation");
  }

  /** The features that some node has, in force or not. */
  static Set<String> features(Change change) {
    Set<String> known = new HashSet<>();
    for (Node node : change.nodes().values()) {
      for (String features : new String[] {node.featuresActive(), node.featuresAvailable()}) {
        if (features != null) {
          known.addAll(Arrays.asList(features.split(",", -1)));
        }
      }
    }
    return known;
  }

  private static boolean outside(JobRequest request, Partition partition) {
    if (request.requiredNodes() == null) {
      return false;
    }
    for (String host : hosts(request.requiredNodes()).hosts()) {
      if (!partition.members().contains(NodeName.of(host))) {
        return true;
      }
    }
    return false;
  }

  static SlurmError known(Change change, String expression) {
    if (expression == null) {
      return null;
    }
    HostList list = hosts(expression);
    if (list == null) {
      return SlurmError.ESLURM_INVALID_NODE_NAME;
    }
    for (String host : list.hosts()) {
      if (change.node(NodeName.of(host)) == null) {
        return SlurmError.ESLURM_INVALID_NODE_NAME;
      }
    }
    return null;
  }

  /** The hosts of an expression once each, in order; what is no expression is left as it is. */
  static String normal(String expression) {
    HostList list = expression == null ? null : hosts(expression);
    return list == null ? expression : list.unique().ranged();
  }

  /** The hosts of an expression; null if it is none. */
  static HostList hosts(String expression) {
    try {
      return HostList.parse(expression);
    } catch (HostListException notAHostList) {
      return null;
    }
  }
}
