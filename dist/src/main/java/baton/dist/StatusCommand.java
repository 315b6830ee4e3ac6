package baton.dist;

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
    return access.report(GroupReport::status);
  }
}
