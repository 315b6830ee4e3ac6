package baton.dist;

import baton.controller.replication.peer.DoorField;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baton cluster}: who belongs to the group of controllers. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows and changes the group of controllers of a cluster.",
      "Asks any running controller, as root or SlurmUser; the leader carries it out."
    })
final class ClusterCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
  }

  @Command(
      name = "members",
      mixinStandardHelpOptions = true,
      description = "Lists the controllers: role, address, how far behind, when last heard of.")
  int members(@Mixin GroupAccess access) {
    return access.report(GroupReport::table);
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Lets a new controller in within the hour, and prints a token.",
        "On its machine: baton controller --data DIR --join TOKEN; or, where munge runs with the"
            + " cluster's key, --id ID --peers with the addresses of all."
      })
  int add(
      @Mixin GroupAccess access,
      @Parameters(paramLabel = "ID") String id,
      @Parameters(paramLabel = "HOST:PORT", description = "Where the others reach it.")
          String address) {
    return access.ask(
        Map.of(DoorField.OPERATION, DoorField.ADD, DoorField.ID, id, DoorField.ADDRESS, address),
        (out, answer) -> out.println(answer.get(DoorField.TOKEN)));
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Removes a controller, running or lost. Removed, it ends.",
        "Refused (exit code 4) when too few of the others answer to go on without it."
      })
  int remove(@Mixin GroupAccess access, @Parameters(paramLabel = "ID") String id) {
    return access.ask(
        Map.of(DoorField.OPERATION, DoorField.REMOVE, DoorField.ID, id),
        (out, answer) -> out.println(id + " is removed"));
  }

  @Command(
      name = "transfer",
      mixinStandardHelpOptions = true,
      description = "Hands the lead to another controller, or to the one that is furthest.")
  int transfer(
      @Mixin GroupAccess access, @Parameters(paramLabel = "ID", arity = "0..1") String id) {
    Map<String, String> fields = new HashMap<>();
    fields.put(DoorField.OPERATION, DoorField.TRANSFER);
    if (id != null) {
      fields.put(DoorField.ID, id);
    }
    return access.ask(fields, (out, answer) -> out.println("another leads"));
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = "Lets every controller make itself a new key and certificate, without a pause.")
  int rotate(@Mixin GroupAccess access) {
    return access.ask(
        Map.of(DoorField.OPERATION, DoorField.ROTATE),
        (out, answer) -> out.println("all have new certificates"));
  }
}
