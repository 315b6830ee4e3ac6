package baton.controller.lifecycle;

import baton.controller.model.JobRequest;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;

/**
 * The nodes that a job names (--nodelist). It gets all of them; if it asks for fewer than it names,
 * which is refused up to 22.05, it gets some of them and no others.
 *
 * @param all those that it must have; empty if there are none
 * @param any the only ones that it may have; empty if it may have others
 */
public record RequiredNodes(HostList all, HostList any) {

  /** Throws if the request names no proper hosts, as an accepted one does not. */
  public static RequiredNodes of(JobRequest request) {
    if (request.requiredNodes() == null) {
      return new RequiredNodes(HostList.empty(), HostList.empty());
    }
    HostList named;
    try {
      named = HostList.parse(request.requiredNodes()).unique();
    } catch (HostListException broken) {
      throw new IllegalStateException(
          "accepted a job with the host list " + request.requiredNodes(), broken);
    }
    return named.size() > request.minNodes()
        ? new RequiredNodes(HostList.empty(), named)
        : new RequiredNodes(named, HostList.empty());
  }

  /** True if the job may have the node at all. */
  public boolean allows(String node) {
    return any.isEmpty() || any.contains(node);
  }
}
