package baton.controller.main;

import baton.controller.conf.ClusterConfigs;
import baton.controller.conf.ConfOutcome;
import baton.controller.conf.ConfProblem;
import baton.controller.conf.ConfigFiles;
import baton.controller.conf.ShownConfiguration;
import baton.controller.conf.SlurmConf;
import baton.controller.conf.SystemGroups;
import baton.controller.conf.SystemUsers;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.rpc.SharedConfiguration;
import baton.controller.rpc.TunedSetting;
import baton.protocol.message.ClusterConfiguration;
import baton.protocol.message.ConfigResponse;
import baton.protocol.type.Release;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** slurm.conf and its kin as last read from disk. Thread-safe. */
final class LoadedConfiguration implements SharedConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedConfiguration.class);

  /** Changes of flags that are remembered. */
  private static final int MOST_TUNED = 1000;

  private final ControllerOptions options;
  private volatile Loaded loaded;

  /** What was set by hand since, oldest first. */
  private final List<TunedSetting> tuned = new CopyOnWriteArrayList<>();

  /** All that was read at one time. */
  private record Loaded(SlurmConf conf, ConfigFiles files, ClusterConfig config) {}

  private LoadedConfiguration(ControllerOptions options) {
    this.options = options;
  }

  static LoadedConfiguration read(ControllerOptions options) throws StartRefused {
    LoadedConfiguration configuration = new LoadedConfiguration(options);
    configuration.reload();
    return configuration;
  }

  /**
   * Reads the files again; what was read before stays when that fails.
   *
   * @throws StartRefused with the faults, by file and line
   */
  void reload() throws StartRefused {
    ConfOutcome outcome = load(options.slurmConf(), options.release());
    for (ConfProblem problem : outcome.problems()) {
      switch (problem.severity()) {
        case ERROR -> LOG.error("{}", problem);
        case WARNING -> LOG.warn("{}", problem);
        case NOTE -> LOG.info("{}", problem);
      }
    }
    SlurmConf conf = usable(outcome);
    loaded = new Loaded(conf, ConfigFiles.read(conf), ClusterConfigs.of(conf, new SystemGroups()));
    tuned.clear();
  }

  /**
   * Reads slurm.conf for a command, which has nothing to say about what is not honoured.
   *
   * @throws StartRefused with the faults, by file and line
   */
  static SlurmConf quietly(Path file, Release release) throws StartRefused {
    return usable(load(file, release));
  }

  private static ConfOutcome load(Path file, Release release) {
    SlurmConf.Host host = new SlurmConf.Host(hostname(), new SystemUsers());
    return SlurmConf.load(file, release, host);
  }

  private static SlurmConf usable(ConfOutcome outcome) throws StartRefused {
    if (outcome instanceof ConfOutcome.Loaded good) {
      return good.conf();
    }
    throw new StartRefused(
        true,
        outcome.problems().stream()
            .filter(problem -> problem.severity() == ConfProblem.Severity.ERROR)
            .map(ConfProblem::toString)
            .toList());
  }

  SlurmConf conf() {
    return loaded.conf();
  }

  ClusterConfig config() {
    return loaded.config();
  }

  @Override
  public ClusterConfiguration shown(ClusterFacts facts, Release release) {
    Loaded now = loaded;
    Instant changed = facts.configChanged() == null ? facts.bootTime() : facts.configChanged();
    ClusterConfiguration.Builder shown =
        ShownConfiguration.of(
            now.conf(),
            now.files(),
            release,
            new ShownConfiguration.Facts(
                changed, facts.bootTime(), facts.nextJobId(), options.slurmVersion()))
            .toBuilder();
    tuned.forEach(setting -> apply(setting, shown));
    return shown.build();
  }

  private static void apply(TunedSetting setting, ClusterConfiguration.Builder shown) {
    if (setting instanceof TunedSetting.DebugLevel debug) {
      shown.slurmctldDebug(debug.level());
    } else if (setting instanceof TunedSetting.DebugFlags flags) {
      shown.debugFlags((shown.build().debugFlags() | flags.set()) & ~flags.clear());
    } else if (setting instanceof TunedSetting.FairShareDampening dampening) {
      shown.fairShareDampeningFactor(dampening.factor());
    }
  }

  @Override
  public void tuned(TunedSetting setting) {
    if (!(setting instanceof TunedSetting.DebugFlags)) {
      tuned.removeIf(other -> other.getClass() == setting.getClass());
    } else if (tuned.size() >= MOST_TUNED) {
      tuned.remove(0);
    }
    tuned.add(setting);
  }

  @Override
  public ConfigResponse files(Release release, boolean node) {
    return loaded.files().answer(release, node);
  }

  private static String hostname() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      int dot = name.indexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    } catch (IOException e) {
      return "localhost";
    }
  }
}
