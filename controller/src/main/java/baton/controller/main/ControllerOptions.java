package baton.controller.main;

import baton.protocol.type.Release;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a controller is told beside slurm.conf.
 *
 * @param slurmConf the configuration
 * @param data the directory that holds log, snapshots, scripts and environments
 * @param http where health and metrics are served; empty for nowhere
 * @param listen where clients and nodes are served; empty for the ports of slurm.conf
 * @param id this controller's id among several; empty for one that is alone, or that its directory
 *     knows
 * @param peers addresses of all controllers by id, this one's among them; none for one that is
 *     alone
 * @param joinToken with what to join a group; empty otherwise
 * @param snapshotCommands a snapshot is taken after about so many changes; at least 1
 * @param slurmVersion what it stands in for and announces, as {@code 22.05.8}
 */
public record ControllerOptions(
    Path slurmConf,
    Path data,
    Optional<InetSocketAddress> http,
    Optional<InetSocketAddress> listen,
    Optional<String> id,
    Map<String, String> peers,
    Optional<String> joinToken,
    long snapshotCommands,
    String slurmVersion) {

  /** The release of {@link #slurmVersion}. */
  public Release release() {
    return releaseOf(slurmVersion)
        .orElseThrow(() -> new IllegalArgumentException("no release is " + slurmVersion));
  }

  /** The release of a version such as {@code 22.05.8}; empty if it is not known. */
  public static Optional<Release> releaseOf(String version) {
    String[] parts = version.split("\\.", -1);
    return parts.length < 2 ? Optional.empty() : Release.ofLabel(parts[0] + "." + parts[1]);
  }
}
