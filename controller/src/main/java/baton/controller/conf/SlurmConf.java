package baton.controller.conf;

import baton.protocol.type.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * slurm.conf with all that it includes, as typed values. Immutable; safe on any thread. {@link
 * #load} reads it; where a key is not set, the default is that of the release that Baton stands in
 * for.
 */
public final class SlurmConf {
  private final Path file;
  private final Release release;
  private final ConfValues values;
  private final List<String> includedNames;
  private final int hash;
  private final String clusterName;
  private final List<ControllerHost> controllers;
  private final ConfChecks.Ports controllerPorts;
  private final int slurmdPort;
  private final SlurmUser slurmUser;
  private final SlurmUser slurmdUser;
  private final ConfChecks.JobIds jobIds;
  private final long minJobAgeSeconds;
  private final int treeWidth;
  private final MemoryLimit defaultMemory;
  private final MemoryLimit maxMemory;
  private final Set<SelectTypeParameter> selectTypeParameters;
  private final Set<PrologFlag> prologFlags;
  private final EnforcePartLimits enforcePartLimits;
  private final int preemptMode;
  private final List<ConfiguredNode> nodes;
  private final List<PartitionLine> partitions;
  private final List<DownNodesLine> downNodes;

  SlurmConf(
      Path file,
      Release release,
      ConfTable table,
      ConfReader reader,
      ConfProblems problems,
      Host host) {
    this.file = file;
    this.release = release;
    this.values = new ConfValues(table);
    this.includedNames = reader.includedNames();
    this.hash = reader.hash();
    ConfChecks checks = new ConfChecks(problems, file, table, values, release);
    this.clusterName = checks.clusterName();
    this.controllers = List.copyOf(checks.controllers(host.hostname()));
    this.controllerPorts = checks.controllerPorts();
    this.slurmdPort = checks.slurmdPort();
    this.slurmUser = checks.user("SlurmUser", host.users());
    this.slurmdUser = checks.user("SlurmdUser", host.users());
    this.jobIds = checks.jobIds();
    this.minJobAgeSeconds = checks.minJobAgeSeconds();
    this.treeWidth = checks.treeWidth();
    this.defaultMemory = checks.memory("DefMemPerNode", "DefMemPerCPU");
    this.maxMemory = checks.memory("MaxMemPerNode", "MaxMemPerCPU");
    this.selectTypeParameters = Set.copyOf(checks.selectTypeParameters());
    this.prologFlags = Set.copyOf(checks.prologFlags());
    this.enforcePartLimits = checks.enforcePartLimits();
    this.preemptMode = checks.preemptMode();
    NodesAndPartitions lines =
        NodesAndPartitions.read(
            table, problems, file, slurmdPort, values.flag("DisableRootJobs", release));
    this.nodes = lines.nodes();
    this.partitions = lines.partitions();
    this.downNodes = lines.downNodes();
  }

  /**
   * What the file cannot say.
   *
   * @param hostname short name of this host, for SlurmctldHost=localhost
   * @param users finds SlurmUser and SlurmdUser
   */
  public record Host(String hostname, UserLookup users) {}

  /** Reads slurm.conf as slurmctld of that release would. Blocks on files and user look-ups. */
  public static ConfOutcome load(Path file, Release release, Host host) {
    ConfProblems problems = new ConfProblems();
    ConfTable table = new ConfTable(problems);
    ConfReader reader = new ConfReader(problems, table);
    reader.read(file);
    if (problems.refused()) {
      return new ConfOutcome.Refused(problems.all());
    }
    SlurmConf conf = new SlurmConf(file, release, table, reader, problems, host);
    return problems.refused()
        ? new ConfOutcome.Refused(problems.all())
        : new ConfOutcome.Loaded(conf, problems.all());
  }

  /** The file itself. */
  public Path file() {
    return file;
  }

  /** The release that Baton stands in for. */
  public Release release() {
    return release;
  }

  /** All cluster-wide keys, with defaults by release. */
  public ConfValues values() {
    return values;
  }

  /** Files that it includes by a name without directory, in order, each once. */
  public List<String> includedNames() {
    return includedNames;
  }

  /** The hash over the files that slurmd sends at registration, as bits of a u32. */
  public int hash() {
    return hash;
  }

  /** ClusterName, lower case. */
  public String clusterName() {
    return clusterName;
  }

  /** SlurmctldHost, the primary first. */
  public List<ControllerHost> controllers() {
    return controllers;
  }

  /** SlurmctldPort, the first of a range. */
  public int slurmctldPort() {
    return controllerPorts.first();
  }

  /** How many ports the range of SlurmctldPort has. */
  public int slurmctldPortCount() {
    return controllerPorts.count();
  }

  public int slurmdPort() {
    return slurmdPort;
  }

  public SlurmUser slurmUser() {
    return slurmUser;
  }

  public SlurmUser slurmdUser() {
    return slurmdUser;
  }

  public String authType() {
    return values.text("AuthType", release);
  }

  /** AuthInfo, such as {@code socket=/run/munge/munge.socket.2}; may be null. */
  public String authInfo() {
    return values.set("AuthInfo");
  }

  public long firstJobId() {
    return jobIds.first();
  }

  public long maxJobId() {
    return jobIds.max();
  }

  public long maxJobCount() {
    return jobIds.maxJobs();
  }

  /** How long a finished job is kept. */
  public Duration minJobAge() {
    return Duration.ofSeconds(minJobAgeSeconds);
  }

  /** From SIGTERM to SIGKILL of a job that ran into its time limit. */
  public Duration killWait() {
    return seconds("KillWait");
  }

  /** Silence after which a node is down; zero: never. */
  public Duration slurmdTimeout() {
    return seconds("SlurmdTimeout");
  }

  /** Silence after which a backup controller takes over. */
  public Duration slurmctldTimeout() {
    return seconds("SlurmctldTimeout");
  }

  /** How long an answer may take. */
  public Duration messageTimeout() {
    return seconds("MessageTimeout");
  }

  /** How long a connection may take to be made. */
  public Duration tcpTimeout() {
    return seconds("TCPTimeout");
  }

  /** How long a batch job may be missing from its node after launch. */
  public Duration batchStartTimeout() {
    return seconds("BatchStartTimeout");
  }

  /** Silence of srun or salloc after which its job ends; zero: never. */
  public Duration inactiveLimit() {
    return seconds("InactiveLimit");
  }

  /** How long completing jobs hold back the start of others of lower priority. */
  public Duration completeWait() {
    return seconds("CompleteWait");
  }

  /** How long a node may take to boot. */
  public Duration resumeTimeout() {
    return seconds("ResumeTimeout");
  }

  /** ReturnToService: 0 never, 1 if it was down for silence alone, 2 always. */
  public int returnToService() {
    return (int) values.number("ReturnToService", release);
  }

  public int treeWidth() {
    return treeWidth;
  }

  public HealthCheck healthCheck() {
    return new HealthCheck(
        values.set("HealthCheckProgram"),
        seconds("HealthCheckInterval"),
        HealthCheck.parse(values.text("HealthCheckNodeState", release)));
  }

  public Set<PrologFlag> prologFlags() {
    return prologFlags;
  }

  /** Whether batch jobs are put back into the queue after a node failure, unless they say. */
  public boolean jobRequeue() {
    return values.number("JobRequeue", release) != 0;
  }

  public EnforcePartLimits enforcePartLimits() {
    return enforcePartLimits;
  }

  /** DefMemPerNode or DefMemPerCPU. */
  public MemoryLimit defaultMemory() {
    return defaultMemory;
  }

  /** MaxMemPerNode or MaxMemPerCPU. */
  public MemoryLimit maxMemory() {
    return maxMemory;
  }

  /** As {@code select/cons_tres}. */
  public String selectType() {
    return values.text("SelectType", release);
  }

  public Set<SelectTypeParameter> selectTypeParameters() {
    return selectTypeParameters;
  }

  /** PreemptMode as bits of the wire. */
  public int preemptMode() {
    return preemptMode;
  }

  public boolean disableRootJobs() {
    return values.flag("DisableRootJobs", release);
  }

  /** Whether SlurmctldParameters has that word or {@code word=…}. */
  public boolean hasSlurmctldParameter(String word) {
    for (String parameter : Words.of(values.set("SlurmctldParameters"))) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (name.equalsIgnoreCase(word)) {
        return true;
      }
    }
    return false;
  }

  /** All nodes, in the order in which they are defined. */
  public List<ConfiguredNode> nodes() {
    return nodes;
  }

  /** All partitions, in the order in which they are defined. */
  public List<PartitionLine> partitions() {
    return partitions;
  }

  public List<DownNodesLine> downNodes() {
    return downNodes;
  }

  private Duration seconds(String key) {
    return Duration.ofSeconds(values.number(key, release));
  }
}
