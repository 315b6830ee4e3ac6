package baton.controller.lifecycle;

import baton.controller.model.ClusterConfig;
import baton.protocol.type.Release;

/** The release whose slurmctld Baton stands in for: where releases differ, it behaves as that. */
public final class StandIn {
  private StandIn() {}

  /** 22.05 while no configuration has been agreed on. */
  public static Release of(ClusterConfig config) {
    return Release.ofLabel(config.release()).orElse(Release.V22_05);
  }

  public static boolean isAtLeast(ClusterConfig config, Release release) {
    return of(config).atLeast(release);
  }
}
