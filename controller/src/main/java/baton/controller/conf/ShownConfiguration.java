package baton.controller.conf;

import baton.protocol.message.ClusterConfiguration;
import baton.protocol.message.JobDefault;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The configuration as {@code scontrol show config} asks for it: what slurmctld of the asker's
 * release would send for the same files.
 *
 * <p>Left out, as it depends on plugins built into that slurmctld: acct_gather.conf, mpi.conf,
 * helpers.conf and the select plugin's pairs.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/proc_req.c, src/common/read_config.c.
 */
public final class ShownConfiguration {
  private static final String BASIC_TRES = "cpu,mem,energy,node,billing,fs/disk,vmem,pages";
  private static final int SLURMDBD_PORT = 6819;
  private static final int CPUS_PER_GPU = 1;
  private static final int MEMORY_PER_GPU = 2;

  private final SlurmConf conf;
  private final ShownValues values;
  private final Release release;
  private final ClusterConfiguration.Builder to = ClusterConfiguration.builder();

  /**
   * What the files do not say.
   *
   * @param lastUpdate when slurm.conf was last read
   * @param bootTime when the controller was started
   * @param nextJobId the id that the next job gets
   * @param version Slurm's version that is announced, as {@code 22.05.8}
   */
  public record Facts(Instant lastUpdate, Instant bootTime, JobId nextJobId, String version) {}

  private ShownConfiguration(SlurmConf conf, Release release) {
    this.conf = conf;
    this.values = new ShownValues(conf.values(), release);
    this.release = release;
  }

  /** The answer to an asker of that release. */
  public static ClusterConfiguration of(
      SlurmConf conf, ConfigFiles files, Release release, Facts facts) {
    ShownConfiguration shown = new ShownConfiguration(conf, release);
    shown.facts(facts);
    shown.accounting();
    shown.controller();
    shown.jobDefaults();
    shown.communication();
    if (CgroupConf.shown(conf.values(), release)) {
      shown.to.cgroupConf(CgroupConf.of(files.text("cgroup.conf")).pairs(release));
    }
    ShownJobs.fill(shown.to, conf, shown.values, release);
    ShownNodes.fill(shown.to, conf, shown.values, release);
    ShownScheduling.fill(shown.to, conf, shown.values, release);
    return shown.to.build();
  }

  private void facts(Facts facts) {
    to.lastUpdate(facts.lastUpdate().getEpochSecond())
        .bootTime(facts.bootTime().getEpochSecond())
        .nextJobId(facts.nextJobId())
        .version(facts.version())
        .hashValue(Integer.toUnsignedLong(conf.hash()))
        .slurmConf(conf.file().toString());
  }

  private void accounting() {
    String type = values.plugin("AccountingStorageType");
    boolean slurmdbd = "accounting_storage/slurmdbd".equals(type);
    boolean portSet = conf.values().isSet("AccountingStoragePort");
    to.accountingStorageEnforce(
            ConfBits.accountingEnforce(conf.values().set("AccountingStorageEnforce")))
        .accountingStorageBackupHost(values.text("AccountingStorageBackupHost"))
        .accountingStorageHost(values.text("AccountingStorageHost"))
        .accountingStorageExternalHost(values.text("AccountingStorageExternalHost"))
        .accountingStorageParameters(values.text("AccountingStorageParameters"))
        .accountingStoragePort(
            slurmdbd && !portSet ? SLURMDBD_PORT : values.u16("AccountingStoragePort"))
        .accountingStorageTres(tres())
        .accountingStorageType(type)
        .accountingStorageUser(slurmdbd ? "N/A" : values.text("AccountingStorageUser"))
        .acctGatherConf(List.of())
        .acctGatherEnergyType(values.plugin("AcctGatherEnergyType"))
        .acctGatherFilesystemType(values.plugin("AcctGatherFilesystemType"))
        .acctGatherInterconnectType(interconnect())
        .acctGatherNodeFreq(values.u16("AcctGatherNodeFreq"))
        .acctGatherProfileType(values.plugin("AcctGatherProfileType"))
        .jobAcctGatherFrequency(values.text("JobAcctGatherFrequency"))
        .jobAcctGatherType(values.plugin("JobAcctGatherType"))
        .jobAcctGatherParams(values.text("JobAcctGatherParams"))
        .jobCompHost(values.text("JobCompHost"))
        .jobCompLoc(jobCompLoc())
        // 22.05 has the key but leaves it out of the answer.
        .jobCompParams(release.atLeast(Release.V23_02) ? values.text("JobCompParams") : null)
        .jobCompPort(values.u32("JobCompPort"))
        .jobCompType(values.plugin("JobCompType"))
        .jobCompUser(values.text("JobCompUser"))
        .privateData(ConfBits.privateData(conf.values().set("PrivateData"), release));
  }

  private String interconnect() {
    boolean old =
        !conf.values().isSet("AcctGatherInterconnectType")
            && conf.values().isSet("AcctGatherInfinibandType");
    String type = values.plugin(old ? "AcctGatherInfinibandType" : "AcctGatherInterconnectType");
    return type == null ? null : type.replace("infiniband", "interconnect");
  }

  private String jobCompLoc() {
    boolean database =
        release == Release.V22_05
            && !conf.values().isSet("JobCompLoc")
            && "jobcomp/mysql".equals(values.text("JobCompType"));
    return database ? "slurm_jobcomp_db" : values.text("JobCompLoc");
  }

  /** The tracked resources, those that are always tracked included. */
  private String tres() {
    String set = conf.values().set("AccountingStorageTRES");
    if (set == null) {
      return BASIC_TRES;
    }
    boolean gpu = Words.contains(set, "gres/gpu");
    if (!release.atLeast(Release.V23_11)) {
      String more = gpu && release == Release.V23_02 ? ",gres/gpuutil,gres/gpumem" : "";
      return set + "," + BASIC_TRES + more;
    }
    TreeSet<String> all = new TreeSet<>(Words.of(BASIC_TRES));
    all.addAll(Words.of(set.toLowerCase(Locale.ROOT)));
    if (all.contains("gres/gpu")) {
      all.addAll(List.of("gres/gpumem", "gres/gpuutil"));
    }
    return String.join(",", all);
  }

  private void controller() {
    List<String> addresses = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (ControllerHost host : conf.controllers()) {
      addresses.add(host.address());
      names.add(host.name());
    }
    to.controlAddresses(addresses)
        .controlMachines(names)
        .clusterName(conf.clusterName())
        .configurationFlags(ConfFlags.bits(conf.values(), release))
        .debugFlags(DebugFlags.bits(conf.values().set("DebugFlags"), release))
        .logTimeFormat(ConfBits.logTimeFormat(values.text("LogTimeFormat"), release))
        .maxDbdMessages(values.u32("MaxDBDMsgs"))
        .slurmUserId(conf.slurmUser().uid())
        .slurmUserName(conf.slurmUser().name())
        .slurmctldAddress(values.text("SlurmctldAddr"))
        .slurmctldDebug(ConfBits.logLevel(values.text("SlurmctldDebug")))
        .slurmctldHttpAuthParameters(values.text("SlurmctldHttpAuthParameters"))
        .slurmctldLogFile(values.text("SlurmctldLogFile"))
        .slurmctldParameters(values.text("SlurmctldParameters"))
        .slurmctldPidFile(values.text("SlurmctldPidFile"))
        .slurmctldPlugStack(values.text("SlurmctldPlugstack"))
        .slurmctldPort(conf.slurmctldPort())
        .slurmctldPortCount(conf.slurmctldPortCount())
        .slurmctldPrimaryOffProgram(values.text("SlurmctldPrimaryOffProg"))
        .slurmctldPrimaryOnProgram(values.text("SlurmctldPrimaryOnProg"))
        .slurmctldSyslogDebug(ConfBits.logLevel(values.text("SlurmctldSyslogDebug")))
        .slurmctldTimeout(values.u16("SlurmctldTimeout"))
        .stateSaveLocation(values.text("StateSaveLocation"));
  }

  private void communication() {
    to.authAltTypes(values.text("AuthAltTypes"))
        .authAltParameters(values.text("AuthAltParameters"))
        .authInfo(values.text("AuthInfo"))
        .authType(values.text("AuthType"))
        .certmgrParameters(values.text("CertmgrParameters"))
        .certmgrType(values.text("CertmgrType"))
        .communicationParameters(communicationParameters())
        .credType(credType())
        .dataParserParameters(values.text("DataParserParameters"))
        .federationParameters(values.text("FederationParameters"))
        .hashPlugin(values.text("HashPlugin"))
        .httpParserType(values.text("HttpParserType"))
        .jobCredentialPrivateKey(values.text("JobCredentialPrivateKey"))
        .jobCredentialPublicCertificate(values.text("JobCredentialPublicCertificate"))
        .messageTimeout(values.u16("MessageTimeout"))
        .metricsAuthUsers(values.text("MetricsAuthUsers"))
        .metricsParameters(values.text("MetricsParameters"))
        .metricsType(values.text("MetricsType"))
        .pluginDir(values.text("PluginDir"))
        .tcpTimeout(values.u16("TCPTimeout"))
        .tlsParameters(values.text("TLSParameters"))
        .tlsType(values.text("TLSType"))
        .urlParserType(values.text("UrlParserType"));
  }

  /** Two words of TopologyParam belong here since long ago, and Slurm moves them. */
  private String communicationParameters() {
    String parameters = values.text("CommunicationParameters");
    String topology = values.text("TopologyParam");
    for (String word : List.of("NoInAddrAny", "NoCtldInAddrAny")) {
      if (Words.contains(topology, word) && !Words.contains(parameters, word)) {
        parameters = parameters == null ? word : parameters + "," + word;
      }
    }
    return parameters;
  }

  private String credType() {
    String old = conf.values().set("CryptoType");
    boolean useOld = !conf.values().isSet("CredType") && old != null;
    return useOld ? old.replaceFirst("crypto", "cred") : values.text("CredType");
  }

  private void jobDefaults() {
    List<JobDefault> defaults = new ArrayList<>();
    if (conf.values().isSet("DefCPUPerGPU")) {
      defaults.add(jobDefault(CPUS_PER_GPU, "DefCPUPerGPU"));
    }
    if (conf.values().isSet("DefMemPerGPU")) {
      defaults.add(jobDefault(MEMORY_PER_GPU, "DefMemPerGPU"));
    }
    to.jobDefaults(defaults.isEmpty() ? null : defaults)
        .defaultMemoryPerCpu(conf.defaultMemory().bits())
        .maxMemoryPerCpu(conf.maxMemory().bits())
        .enforcePartLimits(conf.enforcePartLimits().code())
        .firstJobId(JobId.of(conf.firstJobId()))
        .maxJobId(conf.maxJobId())
        .maxJobCount(conf.maxJobCount())
        .minJobAge(conf.minJobAge().toSeconds())
        .maxNodeCount(maxNodeCount());
  }

  private JobDefault jobDefault(int type, String key) {
    return JobDefault.builder().type(type).value(values.u64(key)).build();
  }

  /** Where it is not set, it is the number of nodes. */
  private long maxNodeCount() {
    long count = values.u32("MaxNodeCount");
    return count == 0 || count == NoVal.NO_VAL ? conf.nodes().size() : count;
  }
}
