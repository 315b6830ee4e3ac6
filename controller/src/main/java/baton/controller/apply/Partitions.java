package baton.controller.apply;

import baton.controller.command.DeletePartition;
import baton.controller.command.PartitionChanges;
import baton.controller.command.UpdatePartition;
import baton.controller.lifecycle.BillingWeights;
import baton.controller.lifecycle.JobDefaults;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/** Partitions created, changed and deleted by hand. */
final class Partitions {
  private static final long DEFAULT = 0x1;
  private static final int PREEMPT_GANG = 0x8000;
  private static final int PREEMPT_CANCEL = 8;
  private static final long CPU_BIND_OFF = 0x80000;

  private Partitions() {}

  static Reply update(Change change, UpdatePartition command) {
    if (!command.caller().superUser()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    PartitionChanges wanted = command.changes();
    Partition known = change.partition(wanted.name());
    if (command.create() && known != null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_PARTITION_NAME);
    }
    if (!command.create() && known == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_PARTITION_NAME);
    }
    Partition.Builder next =
        known == null ? Partition.builder().name(wanted.name()) : known.toBuilder();
    SlurmError refusal = texts(wanted, next);
    if (refusal == null) {
      refusal = nodes(change, wanted, next);
    }
    if (refusal != null) {
      return Reply.rejected(refusal);
    }
    numbers(wanted, next);
    times(wanted, next);
    long flags = next.build().flags();
    next.flags((flags & ~wanted.flagsClear()) | wanted.flagsSet());
    if ((wanted.flagsSet() & DEFAULT) != 0) {
      noOtherDefault(change, wanted.name());
    }
    change.put(next.build());
    return Reply.ACCEPTED;
  }

  static Reply delete(Change change, DeletePartition command) {
    if (!command.caller().superUser()) {
      return Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (change.partition(command.name()) == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_PARTITION_NAME);
    }
    for (Job job : change.jobs().values()) {
      boolean there =
          job.partition().equals(command.name())
              || job.request().partitions().contains(command.name());
      if (there && !JobLifecycle.isCompleted(job)) {
        return Reply.rejected(SlurmError.ESLURM_PARTITION_IN_USE);
      }
    }
    change.removePartition(command.name());
    return Reply.ACCEPTED;
  }

  private static SlurmError nodes(Change change, PartitionChanges wanted, Partition.Builder next) {
    if (wanted.nodes() == null) {
      return null;
    }
    String typed = wanted.nodes().strip().replaceAll("\\s+", ",");
    Set<NodeName> named = new HashSet<>();
    boolean relative = typed.startsWith("+") || typed.startsWith("-");
    if (relative) {
      named.addAll(next.build().members());
    }
    for (String part : parts(typed)) {
      boolean away = relative && part.startsWith("-");
      boolean sign = relative && (away || part.startsWith("+"));
      List<NodeName> some = nodes(change, sign ? part.substring(1) : part);
      if (some == null) {
        return SlurmError.ESLURM_INVALID_NODE_NAME;
      }
      if (away) {
        some.forEach(named::remove);
      } else {
        named.addAll(some);
      }
    }
    List<NodeName> members = new ArrayList<>(named);
    members.sort((a, b) -> Integer.compare(change.order().indexOf(a), change.order().indexOf(b)));
    String ranged = HostList.of(members.stream().map(NodeName::value).toList()).ranged();
    next.members(members).nodes(ranged.isEmpty() ? null : ranged).nodeSets(null);
    return null;
  }

  /** The parts of a list of nodes between the commas that are not in brackets. */
  private static List<String> parts(String typed) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= typed.length(); i++) {
      char here = i == typed.length() ? ',' : typed.charAt(i);
      depth += here == '[' ? 1 : here == ']' ? -1 : 0;
      if (here == ',' && (depth <= 0 || i == typed.length())) {
        if (i > start) {
          parts.add(typed.substring(start, i));
        }
        start = i + 1;
      }
    }
    return parts;
  }

  /** The nodes of a list, or all; null if one of them is unknown. */
  private static List<NodeName> nodes(Change change, String list) {
    if (list.equalsIgnoreCase("ALL")) {
      return change.order().names();
    }
    HostList hosts = SubmissionCheck.hosts(list);
    if (hosts == null) {
      return null;
    }
    List<NodeName> names = new ArrayList<>();
    for (String host : hosts.hosts()) {
      if (change.node(NodeName.of(host)) == null) {
        return null;
      }
      names.add(NodeName.of(host));
    }
    return names;
  }

  private static SlurmError texts(PartitionChanges wanted, Partition.Builder next) {
    if (wanted.billingWeights() != null && !BillingWeights.areValid(wanted.billingWeights())) {
      return SlurmError.ESLURM_INVALID_TRES_BILLING_WEIGHTS;
    }
    if (wanted.jobDefaults() != null && JobDefaults.parse(wanted.jobDefaults()).isEmpty()) {
      return SlurmError.ESLURM_INVALID_JOB_DEFAULTS;
    }
    if (wanted.jobDefaults() != null) {
      next.jobDefaults(wanted.jobDefaults().isEmpty() ? null : wanted.jobDefaults());
    }
    set(wanted.allocNodes(), next::allocNodes);
    set(wanted.allowAccounts(), next::allowAccounts);
    set(wanted.allowQos(), next::allowQos);
    set(wanted.denyAccounts(), next::denyAccounts);
    set(wanted.denyQos(), next::denyQos);
    set(wanted.qos(), next::qos);
    if (wanted.alternate() != null) {
      boolean none = wanted.alternate().equalsIgnoreCase("NONE") || wanted.alternate().isEmpty();
      next.alternate(none ? null : wanted.alternate());
    }
    set(wanted.billingWeights(), next::billingWeights);
    if (wanted.allowGroups() != null) {
      set(wanted.allowGroups(), next::allowGroups);
      next.allowUids(wanted.allowUids());
    }
    return null;
  }

  /** Null leaves a text; ALL or nothing clears it. */
  private static void set(String wanted, Consumer<String> setter) {
    if (wanted != null) {
      setter.accept(wanted.isEmpty() || wanted.equalsIgnoreCase("ALL") ? null : wanted);
    }
  }

  private static void numbers(PartitionChanges wanted, Partition.Builder next) {
    set16(wanted.stateUp(), next::stateUp);
    set16(wanted.crType(), next::crType);
    set16(wanted.overTimeLimitMinutes(), next::overTimeLimitMinutes);
    if ((wanted.preemptMode() & ~PREEMPT_GANG) <= PREEMPT_CANCEL) {
      next.preemptMode(wanted.preemptMode() & ~PREEMPT_GANG);
    }
    if (wanted.cpuBind() != 0) {
      next.cpuBind(wanted.cpuBind() == CPU_BIND_OFF ? 0 : wanted.cpuBind());
    }
    set16(wanted.priorityJobFactor(), next::priorityJobFactor);
    set16(wanted.priorityTier(), next::priorityTier);
    set16(wanted.maxShare(), next::maxShare);
    set32(wanted.maxCpusPerNode(), next::maxCpusPerNode);
    set32(wanted.maxCpusPerSocket(), next::maxCpusPerSocket);
    set32(wanted.minNodes(), next::minNodes);
    set32(wanted.maxNodes(), next::maxNodes);
    set32(wanted.graceTimeSeconds(), next::graceTimeSeconds);
    if (wanted.defaultMemoryMiB() != NoVal.NO_VAL64) {
      next.defaultMemoryMiB(wanted.defaultMemoryMiB())
          .defaultMemoryPerCpu(wanted.defaultMemoryPerCpu());
    }
    if (wanted.maxMemoryMiB() != NoVal.NO_VAL64) {
      next.maxMemoryMiB(wanted.maxMemoryMiB()).maxMemoryPerCpu(wanted.maxMemoryPerCpu());
    }
  }

  /** A DefaultTime beyond MaxTime is left out, and nobody is told. */
  private static void times(PartitionChanges wanted, Partition.Builder next) {
    set32(wanted.maxTimeMinutes(), next::maxTimeMinutes);
    if (wanted.defaultTimeMinutes() <= next.build().maxTimeMinutes()) {
      set32(wanted.defaultTimeMinutes(), next::defaultTimeMinutes);
    }
  }

  private static void set16(int wanted, IntConsumer setter) {
    if (wanted != NoVal.NO_VAL16) {
      setter.accept(wanted);
    }
  }

  private static void set32(long wanted, LongConsumer setter) {
    if (wanted != NoVal.NO_VAL) {
      setter.accept(wanted);
    }
  }

  private static void noOtherDefault(Change change, PartitionName name) {
    for (Partition other : List.copyOf(change.partitions().values())) {
      if (!other.name().equals(name) && (other.flags() & DEFAULT) != 0) {
        change.put(other.toBuilder().flags(other.flags() & ~DEFAULT).build());
      }
    }
  }
}
