package baton.controller.conf;

import baton.protocol.message.ClusterConfiguration;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;

/** The part of {@link ShownConfiguration} about jobs, their limits, scripts and steps. */
final class ShownJobs {
  private ShownJobs() {}

  static void fill(
      ClusterConfiguration.Builder to, SlurmConf conf, ShownValues values, Release release) {
    limits(to, values);
    scripts(to, conf, values);
    timeouts(to, values, release);
    launch(to, values, release);
    to.bcastExclude(values.text("BcastExclude"))
        .bcastParameters(
            values.isSet("BcastParameters")
                ? values.text("BcastParameters")
                : values.text("SbcastParameters"))
        .cliFilterParameters(values.text("CliFilterParameters"))
        .cliFilterPlugins(values.plugin("CliFilterPlugins"))
        .dependencyParameters(values.text("DependencyParameters"))
        .jobFileAppend(values.u16("JobFileAppend"))
        .jobRequeue(conf.jobRequeue() ? 1 : 0)
        .jobSubmitPlugins(values.text("JobSubmitPlugins"))
        .licenseParameters(values.text("LicenseParameters"))
        .licenses(values.text("Licenses"))
        .mailDomain(values.text("MailDomain"))
        .mailProgram(values.text("MailProg"))
        .requeueExit(values.text("RequeueExit"))
        .requeueExitHold(values.text("RequeueExitHold"))
        .scronParameters(values.text("ScronParameters"))
        .x11Parameters(values.text("X11Parameters"));
  }

  private static void limits(ClusterConfiguration.Builder to, ShownValues values) {
    to.maxArraySize(values.u32("MaxArraySize"))
        .maxBatchRequeue(values.u32("MaxBatchRequeue"))
        .maxStepCount(values.u32("MaxStepCount"))
        .maxTasksPerNode(values.u16("MaxTasksPerNode"))
        .overTimeLimit(values.u16("OverTimeLimit"))
        .propagatePrioProcess(values.u16("PropagatePrioProcess"))
        .propagateResourceLimits(
            values.isSet("PropagateResourceLimitsExcept")
                ? null
                : values.text("PropagateResourceLimits"))
        .propagateResourceLimitsExcept(values.text("PropagateResourceLimitsExcept"))
        .vSizeFactor(values.u16("VSizeFactor"));
  }

  private static void scripts(ClusterConfiguration.Builder to, SlurmConf conf, ShownValues values) {
    to.epilog(values.text("Epilog"))
        .epilogs(values.list("Epilog"))
        .epilogSlurmctld(values.text("EpilogSlurmctld"))
        .epilogsSlurmctld(values.list("EpilogSlurmctld"))
        .prolog(values.text("Prolog"))
        .prologs(values.list("Prolog"))
        .prologSlurmctld(values.text("PrologSlurmctld"))
        .prologsSlurmctld(values.list("PrologSlurmctld"))
        .prologFlags(PrologFlag.bits(conf.prologFlags()))
        .prepParameters(values.text("PrEpParameters"))
        .prepPlugins(values.text("PrEpPlugins"))
        .resvEpilog(values.text("ResvEpilog"))
        .resvOverRun(values.u16("ResvOverRun"))
        .resvProlog(values.text("ResvProlog"))
        .srunEpilog(values.text("SrunEpilog"))
        .srunProlog(values.text("SrunProlog"))
        .taskEpilog(values.text("TaskEpilog"))
        .taskProlog(values.text("TaskProlog"))
        .unkillableStepProgram(values.text("UnkillableStepProgram"));
  }

  private static void timeouts(
      ClusterConfiguration.Builder to, ShownValues values, Release release) {
    int both =
        values.isSet("PrologEpilogTimeout") ? values.u16("PrologEpilogTimeout") : NoVal.NO_VAL16;
    to.batchStartTimeout(values.u16("BatchStartTimeout"))
        .completeWait(values.u16("CompleteWait"))
        .eioTimeout(values.u16("EioTimeout"))
        .epilogMsgTime(values.u32("EpilogMsgTime"))
        .epilogTimeout(values.isSet("EpilogTimeout") ? values.u16("EpilogTimeout") : both)
        .prologTimeout(values.isSet("PrologTimeout") ? values.u16("PrologTimeout") : both)
        .prologEpilogTimeout(both)
        .getEnvTimeout(values.u16("GetEnvTimeout"))
        .inactiveLimit(values.u16("InactiveLimit"))
        .killWait(values.u16("KillWait"))
        .unkillableStepTimeout(unkillable(values, release))
        .waitTime(values.u16("WaitTime"));
  }

  private static int unkillable(ShownValues values, Release release) {
    if (values.isSet("UnkillableStepTimeout")) {
      return values.u16("UnkillableStepTimeout");
    }
    int least = 60;
    return release.atLeast(Release.V24_05)
        ? Math.min(NoVal.INFINITE16, Math.max(least, 5 * values.u16("MessageTimeout")))
        : least;
  }

  private static void launch(ClusterConfiguration.Builder to, ShownValues values, Release release) {
    String mpi = values.plugin("MpiDefault");
    boolean openmpi = Words.contains(mpi, "openmpi");
    String noMpi = release.atLeast(Release.V23_11) ? null : "none";
    to.interactiveStepOptions(values.text("InteractiveStepOptions"))
        .killOnBadExit(values.u16("KillOnBadExit"))
        .launchParameters(values.text("LaunchParameters"))
        .launchType(values.text("LaunchType"))
        .mpiDefault(openmpi ? noMpi : mpi)
        .mpiParams(values.text("MpiParams"))
        .plugStackConfig(values.text("PlugStackConfig"))
        .proctrackType(values.text("ProctrackType"))
        .srunPortRangeStart(port(values.text("SrunPortRange"), 0))
        .srunPortRangeEnd(port(values.text("SrunPortRange"), 1))
        .switchParameters(values.text("SwitchParameters"))
        .switchType(values.plugin("SwitchType"))
        .taskPlugin(values.plugin("TaskPlugin"))
        .taskPluginParam(ConfBits.taskParameters(values.text("TaskPluginParam")));
  }

  /** One end of a range first-last; 0 where it is none. */
  private static int port(String range, int end) {
    if (range == null || !range.matches("[0-9]{1,5}-[0-9]{1,5}")) {
      return 0;
    }
    String[] ends = range.split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[1]);
    boolean valid = last > first && last <= NoVal.INFINITE16;
    return valid ? Integer.parseInt(ends[end]) : 0;
  }
}
