package baton.controller.rpc;

import baton.controller.model.ClusterFacts;
import baton.protocol.message.ClusterConfiguration;
import baton.protocol.message.ConfigResponse;
import baton.protocol.type.Release;

/** The configuration files as others ask for them. Any thread. */
public interface SharedConfiguration {
  /** The answer to REQUEST_BUILD_INFO of an asker of that release. */
  ClusterConfiguration shown(ClusterFacts facts, Release release);

  /** The answer to REQUEST_CONFIG, of a node's slurmd or of a client. */
  ConfigResponse files(Release release, boolean node);

  /** Takes over what an administrator set; lost when the files are read again. */
  void tuned(TunedSetting setting);
}
