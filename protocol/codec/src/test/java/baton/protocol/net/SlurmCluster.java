package baton.protocol.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import baton.protocol.auth.MungeDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A directory with a slurm.conf and a munged of its own, and real programs that use them. */
final class SlurmCluster implements AutoCloseable {
  /** Tests of this module keep to these ports. */
  private static final int FIRST_PORT = 26000;

  private static final int LAST_PORT = 26079;
  private static final int FIRST_NODE_PORT = 26080;
  private static final int NODES = 20;

  final MungeDaemon munged;
  final int controllerPort;
  private final Path directory;
  private final List<Process> daemons = new ArrayList<>();

  private SlurmCluster(Path directory, MungeDaemon munged, int controllerPort) {
    this.directory = directory;
    this.munged = munged;
    this.controllerPort = controllerPort;
  }

  static SlurmCluster create(Path directory) throws IOException, InterruptedException {
    MungeDaemon munged = MungeDaemon.start(directory.resolve("munge"));
    int port = freePort();
    Files.createDirectories(directory.resolve("state"));
    Files.writeString(
        directory.resolve("slurm.conf"),
        """
        ClusterName=net
        SlurmctldHost=localhost
        SlurmctldPort=%d
        SlurmUser=root
        AuthType=auth/munge
        AuthInfo=socket=%s
        StateSaveLocation=%s
        SlurmctldPidFile=%s
        SlurmctldLogFile=%s
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        MessageTimeout=5
        SlurmdPidFile=%s
        SlurmdLogFile=%s
        SlurmdSpoolDir=%s
        NodeName=n[1-%d] NodeHostname=localhost Port=[%d-%d] CPUs=2 State=UNKNOWN
        PartitionName=debug Nodes=ALL Default=YES State=UP
        """
            .formatted(
                port,
                munged.socket(),
                directory.resolve("state"),
                directory.resolve("slurmctld.pid"),
                directory.resolve("slurmctld.log"),
                directory.resolve("slurmd.%n.pid"),
                directory.resolve("slurmd.%n.log"),
                directory.resolve("spool.%n"),
                NODES,
                FIRST_NODE_PORT,
                FIRST_NODE_PORT + NODES - 1));
    Files.writeString(directory.resolve("cgroup.conf"), "");
    return new SlurmCluster(directory, munged, port);
  }

  static int freePort() throws IOException {
    for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
      try (ServerSocket probe = new ServerSocket(port)) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        // the next one, then
      }
    }
    throw new IOException("no free port from " + FIRST_PORT + " to " + LAST_PORT);
  }

  /** Starts the real slurmctld and waits until it answers. */
  void startSlurmctld() throws IOException, InterruptedException {
    Process slurmctld = start("slurmctld", "slurmctld", "-D", "-c");
    for (int attempt = 0; attempt < 100 && slurmctld.isAlive(); attempt++) {
      if (run("scontrol", "ping").output().contains("is UP")) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("slurmctld: " + Files.readString(directory.resolve("slurmctld.log")));
  }

  static String nodeName(int index) {
    return "n" + (index + 1);
  }

  static InetSocketAddress nodeAddress(int index) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_NODE_PORT + index);
  }

  /** Starts the real slurmd of a node and waits until it listens. */
  void startSlurmd(int index) throws IOException, InterruptedException {
    Process slurmd = start(nodeName(index), "slurmd", "-D", "-N", nodeName(index));
    for (int attempt = 0; attempt < 200 && slurmd.isAlive(); attempt++) {
      try (Socket probe = new Socket()) {
        probe.connect(nodeAddress(index), 1000);
        return;
      } catch (IOException notYet) {
        Thread.sleep(50);
      }
    }
    throw new IOException(
        "slurmd: " + Files.readString(directory.resolve(nodeName(index) + ".out")));
  }

  private Process start(String name, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SLURM_CONF", directory.resolve("slurm.conf").toString());
    Process daemon =
        builder
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".out").toFile())
            .start();
    daemons.add(daemon);
    return daemon;
  }

  /** A slurm.conf that differs in the controller's port alone. */
  Path confWithControllerAt(int port) throws IOException {
    Path conf = directory.resolve("slurm-" + port + ".conf");
    String same = Files.readString(directory.resolve("slurm.conf"));
    Files.writeString(
        conf, same.replace("SlurmctldPort=" + controllerPort, "SlurmctldPort=" + port));
    return conf;
  }

  /** What a program printed, both streams together, and how it ended. */
  record Result(int exitCode, String output) {}

  Result run(String... command) throws IOException, InterruptedException {
    return runWith(directory.resolve("slurm.conf"), command);
  }

  static Result runWith(Path conf, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
    builder.environment().put("SLURM_CONF", conf.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " does not end");
    }
    return new Result(process.exitValue(), output);
  }

  @Override
  public void close() {
    daemons.forEach(Process::destroy);
    for (Process daemon : daemons) {
      try {
        if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
          daemon.destroyForcibly().waitFor();
        }
      } catch (InterruptedException stopped) {
        daemon.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    munged.close();
  }
}
