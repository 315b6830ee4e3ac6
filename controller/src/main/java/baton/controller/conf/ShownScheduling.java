package baton.controller.conf;

import baton.protocol.message.ClusterConfiguration;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.util.Set;

/** The part of {@link ShownConfiguration} about priorities, preemption and selection. */
final class ShownScheduling {
  private static final int SECONDS_A_MINUTE = 60;

  private ShownScheduling() {}

  static void fill(
      ClusterConfiguration.Builder to, SlurmConf conf, ShownValues values, Release release) {
    priority(to, values, release);
    String preempt = values.text("PreemptType");
    boolean none = release.atLeast(Release.V23_11) && "preempt/none".equals(preempt);
    to.fairShareDampeningFactor(values.u16("FairShareDampeningFactor"))
        .mcsPlugin(values.plugin("MCSPlugin"))
        .mcsParameters(values.text("MCSParameters"))
        .preemptMode(conf.preemptMode())
        .preemptParameters(values.text("PreemptParameters"))
        .preemptType(none ? null : preempt)
        .preemptExemptTime(ConfTime.seconds(values.text("PreemptExemptTime")))
        .schedulerParameters(values.text("SchedulerParameters"))
        .slurmSchedLogFile(values.text("SlurmSchedLogFile"))
        .slurmSchedLogLevel(values.u16("SlurmSchedLogLevel"))
        .schedulerTimeSlice(timeSlice(values))
        .schedulerType(values.text("SchedulerType"))
        .selectType(values.text("SelectType"))
        .selectTypeParameters(selectTypeParameters(conf, values, release));
  }

  private static void priority(
      ClusterConfiguration.Builder to, ShownValues values, Release release) {
    to.priorityDecayHalfLife(minutesAsSeconds(values.text("PriorityDecayHalfLife")))
        .priorityCalcPeriod(minutesAsSeconds(values.text("PriorityCalcPeriod")))
        .priorityFavorSmall(values.u16("PriorityFavorSmall"))
        .priorityFlags(ConfBits.priorityFlags(values.text("PriorityFlags"), release))
        .priorityMaxAge(minutesAsSeconds(values.text("PriorityMaxAge")))
        .priorityParameters(values.text("PriorityParameters"))
        .priorityUsageResetPeriod(ConfBits.resetPeriod(values.text("PriorityUsageResetPeriod")))
        .priorityType(values.text("PriorityType"))
        .priorityWeightAge(values.u32("PriorityWeightAge"))
        .priorityWeightAssoc(values.u32("PriorityWeightAssoc"))
        .priorityWeightFairShare(values.u32("PriorityWeightFairshare"))
        .priorityWeightJobSize(values.u32("PriorityWeightJobSize"))
        .priorityWeightPartition(values.u32("PriorityWeightPartition"))
        .priorityWeightQos(values.u32("PriorityWeightQOS"))
        .priorityWeightTres(values.text("PriorityWeightTRES"));
  }

  /** Slurm multiplies even "no limit", in 32 bits. */
  private static long minutesAsSeconds(String text) {
    return (ConfTime.minutes(text) * SECONDS_A_MINUTE) & NoVal.INFINITE;
  }

  private static int timeSlice(ShownValues values) {
    int seconds = values.u16("SchedulerTimeSlice");
    int tooShort = 5;
    int standard = 30;
    return seconds < tooShort ? standard : seconds;
  }

  private static int selectTypeParameters(SlurmConf conf, ShownValues values, Release release) {
    Set<SelectTypeParameter> parameters =
        values.isSet("SelectTypeParameters")
            ? conf.selectTypeParameters()
            : SelectTypeParameter.absent(release, values.text("SelectType"));
    return SelectTypeParameter.bits(parameters);
  }
}
