package baton.controller.rpc;

import baton.controller.model.ClusterState;

/** Where questions are answered from. */
@FunctionalInterface
public interface Snapshots {
  /** The state as of the last command that was applied here. Never blocks; any thread. */
  ClusterState current();
}
