package baton.dist;

import baton.controller.fault.ProcessFaultHandler;
import baton.controller.main.Controller;
import baton.controller.main.ControllerOptions;
import baton.controller.main.StartRefused;
import baton.controller.replication.ReplicationSettings;
import baton.controller.replication.peer.MemberName;
import baton.controller.replication.peer.PeerAddress;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code baton controller}. */
@Command(
    name = "controller",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a controller in the foreground, in slurmctld's place.",
      "Prints one line that starts with 'ready' when it serves. SIGTERM stops it, SIGHUP makes it"
          + " read slurm.conf again."
    })
final class ControllerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerCommand.class);
  private static final int MAX_PORT = 65535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--slurm-conf",
      paramLabel = "FILE",
      defaultValue = "${env:SLURM_CONF:-/etc/slurm/slurm.conf}",
      description = "The cluster's slurm.conf; default: ${DEFAULT-VALUE}.")
  private Path slurmConf;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Where log, snapshots, scripts and environments are kept; made if not there.")
  private Path data;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "Serve /healthz, /readyz and /metrics there; default: ${DEFAULT-VALUE}.")
  private String http;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Serve clients and nodes there; default: the ports of slurm.conf.")
  private String listen;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Which of the --peers this controller is.")
  private String id;

  @Option(
      names = "--peers",
      paramLabel = "ID=HOST:PORT,...",
      description = {
        "All controllers of the cluster, the same list on each: they form one group by themselves.",
        "The port is for controllers only. After the first start the data directory knows them."
      })
  private String peers;

  @Option(
      names = "--join",
      paramLabel = "TOKEN",
      description = "Join a group with what 'baton cluster add' printed.")
  private String join;

  @Option(
      names = "--snapshot-every",
      paramLabel = "CHANGES",
      description = {
        "Write a snapshot after so many changes; the log is kept back to the one before.",
        "Default: " + ReplicationSettings.SNAPSHOT_COMMANDS + "."
      })
  private long snapshotEvery = ReplicationSettings.SNAPSHOT_COMMANDS;

  @Option(
      names = "--slurm-version",
      paramLabel = "VERSION",
      defaultValue = "22.05.8",
      description = "The version to stand in for; default: ${DEFAULT-VALUE}.")
  private String slurmVersion;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    CountDownLatch stopped = new CountDownLatch(1);
    try (Controller controller =
        Controller.start(options(), new ProcessFaultHandler(), stopped::countDown)) {
      Signals.on("TERM", stopped::countDown);
      Signals.on("INT", stopped::countDown);
      Signals.on("HUP", () -> reconfigure(controller));
      out.println("ready: " + controller.description());
      out.flush();
      stopped.await();
      LOG.info("stopping");
      return ExitCode.DONE;
    } catch (StartRefused refused) {
      refused.lines().forEach(err::println);
      err.flush();
      return refused.isWrongConfiguration() ? ExitCode.USAGE : ExitCode.FAILED;
    }
  }

  private static void reconfigure(Controller controller) {
    CompletionStage<Void> unused =
        controller
            .reconfigure()
            .thenAccept(outcome -> LOG.info("SIGHUP: slurm.conf was read: {}", outcome));
  }

  private ControllerOptions options() {
    if (ControllerOptions.releaseOf(slurmVersion).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--slurm-version: no release that Baton knows is " + slurmVersion);
    }
    return new ControllerOptions(
        slurmConf.toAbsolutePath(),
        data.toAbsolutePath(),
        address("--http", http),
        address("--listen", listen),
        Optional.ofNullable(id),
        peers(),
        Optional.ofNullable(join),
        snapshots(),
        slurmVersion);
  }

  private long snapshots() {
    if (snapshotEvery < 1) {
      throw new ParameterException(
          spec.commandLine(), "--snapshot-every must be 1 or more, and is " + snapshotEvery);
    }
    return snapshotEvery;
  }

  private Map<String, String> peers() {
    if (id != null && !MemberName.isId(id)) {
      throw new ParameterException(
          spec.commandLine(), "--id must be of letters, digits, - and _, and is " + id);
    }
    if (peers == null) {
      return Map.of();
    }
    Map<String, String> all =
        PeerAddress.parseList(peers)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "--peers must be ID=HOST:PORT,..., and is " + peers));
    if (id == null || !all.containsKey(id)) {
      throw new ParameterException(spec.commandLine(), "--peers needs an --id that is among them");
    }
    return all;
  }

  private Optional<InetSocketAddress> address(String option, String text) {
    if (text == null) {
      return Optional.empty();
    }
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(), option + " must be HOST:PORT, and is " + text);
    }
    String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
    InetSocketAddress address =
        host.isEmpty()
            ? new InetSocketAddress(Integer.parseInt(port))
            : new InetSocketAddress(host, Integer.parseInt(port));
    if (address.isUnresolved()) {
      throw new ParameterException(spec.commandLine(), option + ": no host is called " + host);
    }
    return Optional.of(address);
  }
}
