package baton.dist;

import baton.controller.replication.peer.DoorField;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code baton status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Who leads, how far each controller is, and the last failover.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private GroupAccess access;

  @Override
  public Integer call() {
    return access.ask(
        Map.of(DoorField.OPERATION, DoorField.STATUS),
        (out, answer) -> {
          if (access.isJson()) {
            GroupReport.json(out, answer);
          } else {
            GroupReport.status(out, answer);
          }
        });
  }
}
