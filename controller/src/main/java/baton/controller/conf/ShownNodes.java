package baton.controller.conf;

import baton.protocol.message.ClusterConfiguration;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;

/** The part of {@link ShownConfiguration} about nodes, their daemons and their power. */
final class ShownNodes {
  private ShownNodes() {}

  static void fill(
      ClusterConfiguration.Builder to, SlurmConf conf, ShownValues values, Release release) {
    daemon(to, conf, values);
    power(to, values);
    HealthCheck health = conf.healthCheck();
    to.healthCheckInterval(values.u16("HealthCheckInterval"))
        .healthCheckNodeState(health.bits(release))
        .healthCheckProgram(health.program())
        .healthCheckTimeout(values.u16("HealthCheckTimeout"))
        .burstBufferType(values.text("BurstBufferType"))
        .coreSpecPlugin(values.plugin("CoreSpecPlugin"))
        .cpuFreqDef(ConfBits.cpuFreqDef(values.text("CpuFreqDef")))
        .cpuFreqGovernors(ConfBits.cpuFreqGovernors(values.text("CpuFreqGovernors")))
        .extSensorsType(values.plugin("ExtSensorsType"))
        .extSensorsFreq(values.u16("ExtSensorsFreq"))
        .gresTypes(values.text("GresTypes"))
        .gpuFreqDef(values.text("GpuFreqDef"))
        .groupUpdateTime(values.u16("GroupUpdateTime"))
        .groupUpdateForce(values.u16("GroupUpdateForce"))
        .namespaceType(namespace(values, release))
        .nodeFeaturesPlugins(values.text("NodeFeaturesPlugins"))
        .reconfigFlags(ConfBits.reconfigFlags(values.text("ReconfigFlags")))
        .returnToService(values.u16("ReturnToService"))
        .routePlugin(values.text("RoutePlugin"))
        .tmpFs(values.text("TmpFS"))
        .topologyParam(topologyParam(values, release))
        .topologyPlugin(topologyPlugin(values, release))
        .treeWidth(conf.values().isSet("TreeWidth") ? conf.treeWidth() : values.u16("TreeWidth"));
  }

  private static void daemon(ClusterConfiguration.Builder to, SlurmConf conf, ShownValues values) {
    to.slurmdDebug(ConfBits.logLevel(values.text("SlurmdDebug")))
        .slurmdHttpAuthParameters(values.text("SlurmdHttpAuthParameters"))
        .slurmdLogFile(values.text("SlurmdLogFile"))
        .slurmdParameters(values.text("SlurmdParameters"))
        .slurmdPidFile(values.text("SlurmdPidFile"))
        .slurmdPort(conf.slurmdPort())
        .slurmdSpoolDir(values.text("SlurmdSpoolDir"))
        .slurmdSyslogDebug(ConfBits.logLevel(values.text("SlurmdSyslogDebug")))
        .slurmdTimeout(values.u16("SlurmdTimeout"))
        .slurmdUserId(conf.slurmdUser().uid())
        .slurmdUserName(conf.slurmdUser().name());
  }

  private static void power(ClusterConfiguration.Builder to, ShownValues values) {
    String plugin = values.text("PowerPlugin");
    to.powerParameters(values.text("PowerParameters"))
        .powerPlugin(plugin == null ? "" : plugin)
        .rebootProgram(values.text("RebootProgram"))
        .resumeFailProgram(values.text("ResumeFailProgram"))
        .resumeProgram(values.text("ResumeProgram"))
        .resumeRate(values.u16("ResumeRate"))
        .resumeTimeout(values.u16("ResumeTimeout"))
        .suspendExcNodes(values.text("SuspendExcNodes"))
        .suspendExcParts(values.text("SuspendExcParts"))
        .suspendExcStates(values.text("SuspendExcStates"))
        .suspendProgram(values.text("SuspendProgram"))
        .suspendRate(values.u16("SuspendRate"))
        .suspendTime(suspendTime(values.text("SuspendTime")))
        .suspendTimeout(values.u16("SuspendTimeout"));
  }

  private static long suspendTime(String text) {
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : NoVal.INFINITE;
  }

  /** JobContainerType until it became NamespaceType; the old name is still understood. */
  private static String namespace(ShownValues values, Release release) {
    boolean renamed = release.atLeast(Release.V25_11) && values.isSet("NamespaceType");
    return values.plugin(renamed ? "NamespaceType" : "JobContainerType");
  }

  /** What RoutePlugin said moved here in 23.11. */
  private static String topologyParam(ShownValues values, Release release) {
    String parameters = values.text("TopologyParam");
    boolean tree =
        release.atLeast(Release.V23_11)
            && values.isSet("RoutePlugin")
            && Words.contains(values.text("RoutePlugin"), "tree");
    if (!tree) {
      return parameters;
    }
    return parameters == null ? "RouteTree" : parameters + ",RouteTree";
  }

  private static String topologyPlugin(ShownValues values, Release release) {
    String plugin = values.text("TopologyPlugin");
    if (!release.atLeast(Release.V23_11)) {
      return plugin;
    }
    boolean flat = Words.contains(plugin, "none") || Words.contains(plugin, "default");
    if (!flat) {
      return plugin;
    }
    return release.atLeast(Release.V25_05) ? "topology/flat" : "topology/default";
  }
}
