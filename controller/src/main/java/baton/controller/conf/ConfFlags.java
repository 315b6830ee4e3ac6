package baton.controller.conf;

import baton.protocol.type.Release;

/**
 * The u32 in which Slurm keeps keys that are yes or no, and words that became so.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/read_config.c, slurm/slurm.h.
 */
final class ConfFlags {
  private ConfFlags() {}

  static long bits(ConfValues values, Release release) {
    String enforce = values.set("AccountingStorageEnforce");
    boolean wckey =
        values.flag("TrackWCKey", release)
            || Words.contains(enforce, "wckeys")
            || Words.contains(enforce, "all");
    String communication = values.set("CommunicationParameters");
    long bits = slurmd(values.set("SlurmdParameters"), release);
    bits |= stored(values.set("AccountingStoreFlags"), release);
    bits |= bit(2, values.flag("DisableRootJobs", release));
    bits |= bit(3, values.flag("AllowSpecResourcesUsage", release));
    bits |= bit(4, values.flag("UsePAM", release));
    bits |= bit(5, wckey);
    bits |= bit(6, !Words.contains(communication, "DisableIPv4"));
    bits |= bit(7, Words.contains(communication, "EnableIPv6"));
    boolean http = Words.contains(communication, "disable_http");
    bits |= bit(17, http && release.atLeast(Release.V25_11));
    boolean health = Words.contains(values.set("SlurmctldParameters"), "health_check_report");
    return bits | bit(18, health && release.atLeast(Release.V26_05));
  }

  private static long slurmd(String parameters, Release release) {
    long bits = bit(0, Words.contains(parameters, "config_override"));
    if (!release.atLeast(Release.V24_05)) {
      return bits;
    }
    boolean cache = Words.contains(parameters, "l3cache_as_socket");
    bits |= bit(11, cache);
    bits |= bit(12, !cache && Words.contains(parameters, "numa_node_as_socket"));
    bits |= bit(13, Words.contains(parameters, "allow_ecores"));
    bits |= bit(14, Words.contains(parameters, "shutdown_on_reboot"));
    return bits | bit(15, Words.contains(parameters, "contain_spank"));
  }

  private static long stored(String flags, Release release) {
    long bits = bit(1, Words.contains(flags, "job_comment"));
    bits |= bit(8, release.atLeast(Release.V23_02) && Words.contains(flags, "job_extra"));
    bits |= bit(9, Words.contains(flags, "job_script"));
    bits |= bit(10, Words.contains(flags, "job_env"));
    return bits | bit(16, release.atLeast(Release.V24_05) && Words.contains(flags, "no_stdio"));
  }

  private static long bit(int bit, boolean set) {
    return set ? 1L << bit : 0;
  }
}
