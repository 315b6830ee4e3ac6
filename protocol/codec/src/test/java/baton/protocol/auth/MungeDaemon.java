package baton.protocol.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A munged of its own, with its own key and socket, in a directory of the test. */
public final class MungeDaemon implements AutoCloseable {
  private final Path directory;
  private final Process process;

  private MungeDaemon(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  public static MungeDaemon start(Path directory) throws IOException, InterruptedException {
    byte[] key = new byte[128];
    new SecureRandom().nextBytes(key);
    return start(directory, key);
  }

  public static MungeDaemon start(Path directory, byte[] key)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("key"), key);
    Files.setPosixFilePermissions(
        directory.resolve("key"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    List<String> command = new ArrayList<>(List.of("/usr/sbin/munged", "--foreground", "--force"));
    command.add("--key-file=" + directory.resolve("key"));
    command.add("--socket=" + directory.resolve("socket"));
    command.add("--pid-file=" + directory.resolve("pid"));
    command.add("--log-file=" + directory.resolve("log"));
    command.add("--seed-file=" + directory.resolve("seed"));
    command.add("--num-threads=4");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    MungeDaemon daemon = new MungeDaemon(directory, process);
    for (int attempt = 0; attempt < 200 && !Files.exists(daemon.socketPath()); attempt++) {
      if (!process.isAlive()) {
        throw new IOException("munged: " + Files.readString(directory.resolve("out")));
      }
      Thread.sleep(25);
    }
    return daemon;
  }

  private Path socketPath() {
    return directory.resolve("socket");
  }

  public String socket() {
    return socketPath().toString();
  }

  public AuthInfo authInfo() {
    return new AuthInfo(Optional.of(socket()), 0);
  }

  /** A credential made by the munge program. */
  public String munge(String payload, String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("munge", "--socket=" + socket(), "--string", payload));
    command.addAll(List.of(options));
    return run(command, "");
  }

  /** What the unmunge program says of a credential. */
  public String unmunge(String credential) throws IOException, InterruptedException {
    return run(List.of("unmunge", "--socket=" + socket()), credential);
  }

  private static String run(List<String> command, String input)
      throws IOException, InterruptedException {
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    program.outputWriter(StandardCharsets.US_ASCII).append(input).close();
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    if (!program.waitFor(10, TimeUnit.SECONDS)) {
      program.destroyForcibly();
      throw new IOException(command + " does not end");
    }
    return output.strip();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
