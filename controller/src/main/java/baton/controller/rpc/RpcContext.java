package baton.controller.rpc;

import baton.controller.clock.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * All that the handlers need of the rest of the controller.
 *
 * @param commands where writes go
 * @param snapshots where reads come from
 * @param blobs scripts and environments
 * @param configuration the configuration files
 * @param administration the controller itself
 * @param identities users of this host
 * @param time what time it is
 */
public record RpcContext(
    Commands commands,
    Snapshots snapshots,
    Blobs blobs,
    SharedConfiguration configuration,
    Administration administration,
    Identities identities,
    TimeSource time) {

  /**
   * What time a command is given: in whole seconds, as Slurm counts, and never before that of an
   * earlier command, whichever controller's clock that had.
   */
  Instant now() {
    Instant now = time.now().truncatedTo(ChronoUnit.SECONDS);
    Instant last = snapshots.current().facts().now();
    return last != null && last.isAfter(now) ? last : now;
  }
}
