package baton.controller.rpc;

import baton.controller.model.JobRequest;
import baton.protocol.type.Gid;
import baton.protocol.type.Uid;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Users and groups as this host knows them. */
public interface Identities {
  /**
   * A user as the passwd and group data bases have him.
   *
   * @param name the login name
   * @param groupName the group's name; null for a group that nobody knows
   * @param text what a job's credential tells of him, in the form of {@code JobRequest.identity}
   */
  record Identity(String name, String groupName, String text) {
    /** Names the owner of a job to be submitted. */
    void into(JobRequest.Builder request) {
      request.userName(name).groupName(groupName).identity(text);
    }
  }

  /** Looks a user up; empty if nobody has that id. Never blocks; any thread. */
  CompletionStage<Optional<Identity>> of(Uid uid, Gid gid);

  /** The ids of the users in any of these groups. Never blocks; any thread. */
  CompletionStage<List<Long>> members(List<String> groups);
}
