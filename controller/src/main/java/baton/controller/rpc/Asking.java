package baton.controller.rpc;

import baton.controller.command.Caller;
import baton.controller.model.ClusterState;
import baton.controller.query.Asker;
import baton.protocol.net.Request;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Who sent a request, and what that lets him do. */
final class Asking {
  private Asking() {}

  /** True for SlurmUser and root. */
  static boolean isSuperUser(Request request, ClusterState state) {
    return isSuperUser(request.caller().uid(), state);
  }

  /** True for SlurmUser and root. */
  static boolean isSuperUser(Uid uid, ClusterState state) {
    return uid.equals(Uid.ROOT) || uid.equals(state.config().slurmUserUid());
  }

  /** The caller of a command. Without accounting nobody but SlurmUser and root is an operator. */
  static Caller caller(Request request, ClusterState state) {
    boolean superUser = isSuperUser(request, state);
    return Caller.builder()
        .uid(request.caller().uid())
        .gid(request.caller().gid())
        .operator(superUser)
        .superUser(superUser)
        .build();
  }

  /** Who asks a question. */
  static Asker asker(Request request, ClusterState state, int showFlags, Instant now) {
    return new Asker(
        request.caller().uid(),
        isSuperUser(request, state),
        request.release(),
        showFlags,
        now.truncatedTo(ChronoUnit.SECONDS));
  }

  /** True if the asker's last answer is still the latest, so that no data need be sent. */
  static boolean isCurrent(long lastUpdate, Instant changed) {
    return changed != null && lastUpdate - 1 >= changed.getEpochSecond();
  }
}
