package baton.dist;

import baton.controller.main.MungeTrust;
import baton.controller.main.StartRefused;
import baton.controller.replication.peer.DoorField;
import baton.controller.replication.peer.GroupClient;
import baton.controller.replication.peer.PeerAddress;
import baton.protocol.type.Release;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands to a running group have in common. */
final class GroupAccess {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--slurm-conf",
      paramLabel = "FILE",
      defaultValue = "${env:SLURM_CONF:-/etc/slurm/slurm.conf}",
      description = "The cluster's slurm.conf; default: ${DEFAULT-VALUE}.")
  private Path slurmConf;

  @Option(
      names = "--controller",
      paramLabel = "HOST:PORT",
      description = "Ask the controller there: an address of --peers.")
  private String controller;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Ask the controllers that this data directory of one of them knows.")
  private Path data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Asks how the group stands, and prints that as JSON if that is wanted.
   *
   * @param people what is printed otherwise
   * @return the exit code
   */
  int report(BiConsumer<PrintWriter, Map<String, String>> people) {
    return ask(Map.of(DoorField.OPERATION, DoorField.STATUS), json ? GroupReport::json : people);
  }

  /**
   * Asks, and prints what comes.
   *
   * @param print what to do with the answer when it is done
   * @return the exit code
   */
  int ask(Map<String, String> fields, BiConsumer<PrintWriter, Map<String, String>> print) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (MungeTrust trust = MungeTrust.of(slurmConf.toAbsolutePath(), Release.V22_05)) {
      Map<String, String> answer = GroupClient.ask(addresses(), fields, trust);
      String outcome = answer.getOrDefault(DoorField.OUTCOME, "");
      if (outcome.equals(DoorField.DONE)) {
        print.accept(out, answer);
        out.flush();
        return ExitCode.DONE;
      }
      err.println(answer.getOrDefault(DoorField.WHY, "no answer that is understood here"));
      return outcome.equals(DoorField.REFUSED) ? ExitCode.UNSAFE : ExitCode.FAILED;
    } catch (StartRefused refused) {
      refused.lines().forEach(err::println);
      return ExitCode.USAGE;
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.FAILED;
    } finally {
      err.flush();
    }
  }

  private Collection<String> addresses() throws IOException {
    if (controller != null) {
      if (!PeerAddress.isValid(controller)) {
        throw new ParameterException(
            spec.commandLine(), "--controller must be HOST:PORT, and is " + controller);
      }
      return List.of(controller);
    }
    if (data == null) {
      throw new ParameterException(
          spec.commandLine(), "--controller HOST:PORT or --data DIR is needed");
    }
    return GroupClient.addresses(data.toAbsolutePath());
  }
}
