package baton.controller.dispatch;

import baton.controller.model.JobRequest;
import baton.protocol.message.Identity;
import baton.protocol.type.Gid;
import baton.protocol.type.Uid;

/** Tells what a node needs to know of a user in order to run something in his name. */
@FunctionalInterface
public interface IdentitySource {
  /**
   * Looks a user up; may block on the name service.
   *
   * @param group the group that his job runs under
   * @return his entry, or what little can be said of a user that the name service does not know
   */
  Identity identity(Uid user, Gid group);

  /** The owner of a job: as his record says, else looked up. */
  default Identity of(JobRequest request) {
    return IdentityText.parse(request.identity(), request.userId(), request.groupId())
        .orElseGet(() -> identity(request.userId(), request.groupId()));
  }
}
