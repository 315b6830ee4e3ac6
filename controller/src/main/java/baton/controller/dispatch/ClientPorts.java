package baton.controller.dispatch;

import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The ports at which the clients of unfinished allocations listen. A port that a client has given
 * up is soon another's: what is sent there for the first is taken for its own by the second, which
 * gives up when it is of another release.
 */
final class ClientPorts {
  private record Endpoint(String host, int port) {}

  private final Map<Endpoint, Job> youngest = new HashMap<>();

  private ClientPorts() {}

  static ClientPorts of(ClusterState state) {
    ClientPorts ports = new ClientPorts();
    for (Job job : state.jobs().values()) {
      JobRequest request = job.request();
      if (!request.batch() && request.responseHost() != null && !JobLifecycle.isFinished(job)) {
        ports.add(request.responsePort(), job);
        ports.add(request.otherPort(), job);
      }
    }
    return ports;
  }

  private void add(int port, Job job) {
    if (port != 0) {
      youngest.merge(
          new Endpoint(job.request().responseHost(), port),
          job,
          (a, b) -> a.id().compareTo(b.id()) > 0 ? a : b);
    }
  }

  /**
   * Whether another client listens there now, that of a younger job. Components of a heterogeneous
   * job have one client together.
   */
  boolean isAnothers(String host, int port, Job job) {
    Job holder = youngest.get(new Endpoint(host, port));
    return holder != null
        && holder.id().compareTo(job.id()) > 0
        && !(HetGroups.isComponent(job) && Objects.equals(holder.hetJobId(), job.hetJobId()));
  }
}
