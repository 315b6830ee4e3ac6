package baton.importer.write;

import baton.importer.state.ClusterName;
import baton.importer.state.DbdMessages;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormat;
import baton.protocol.type.Bytes;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a StateSaveLocation: into a directory beside the target, which takes the target's place by
 * one rename when all is on disk. Until {@link #commit} nothing is seen of it; {@link #close}
 * without it takes everything away again.
 *
 * <p>Modes are slurmctld's: files 0600, scripts and crontabs 0700, {@code clustername} 0644,
 * directories 0700. Everything belongs to whom the target belongs to. Each file is synced before
 * the rename, each directory after what it holds. For one thread.
 */
public final class StateWriter implements AutoCloseable {

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PRIVATE_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path target;
  private final Path building;
  private final Release release;
  private final Map<String, Object> owner;
  private final Set<PosixFilePermission> permissions;
  private boolean committed;

  /** Fills a file's records in. */
  @FunctionalInterface
  public interface Records<H, R> {
    void writeTo(RecordWriter<H, R> file) throws IOException;
  }

  /**
   * Begins.
   *
   * @param target an empty directory
   * @throws DirectoryNotEmptyException if there is something in it
   */
  public StateWriter(Path target, Release release) throws IOException {
    this.target = target.toAbsolutePath();
    this.release = release;
    requireEmpty(target);
    owner = Files.readAttributes(target, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
    permissions = Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS);
    building =
        Files.createTempDirectory(
            this.target.getParent(),
            "." + target.getFileName() + ".",
            PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
  }

  private static void requireEmpty(Path target) throws IOException {
    try (Stream<Path> held = Files.list(target)) {
      if (held.findAny().isPresent()) {
        throw new DirectoryNotEmptyException(target.toString());
      }
    }
  }

  /** Writes one state file; records are streamed. */
  public <H, R> void write(StateFormat<H, R> format, H header, Records<H, R> records)
      throws IOException {
    Path file = building.resolve(format.fileName());
    try (FileChannel channel = create(file, PRIVATE)) {
      OutputStream out = Channels.newOutputStream(channel);
      RecordWriter<H, R> writer = new RecordWriter<>(format, header, release, out);
      records.writeTo(writer);
      writer.flush();
      channel.force(true);
    }
  }

  public void write(ClusterName name) throws IOException {
    write(ClusterName.FILE, name.bytes(), PUBLIC);
  }

  public void write(DbdMessages messages) throws IOException {
    write(DbdMessages.FILE, messages.bytes(), PRIVATE);
  }

  /** Script and environment of a job, as far as they are there. */
  public void write(JobId job, JobFiles files) throws IOException {
    if (files.script().isPresent()) {
      byte[] script = JobFiles.scriptFile(files.script().get());
      write(JobFiles.scriptPath(job), script, PRIVATE_DIRECTORY);
    }
    if (files.environment().isPresent()) {
      List<Bytes> variables = files.environment().get();
      write(JobFiles.environmentPath(job), JobFiles.environmentFile(variables), PRIVATE);
    }
  }

  /** A file that is kept as it is; crontabs have a script's mode. */
  public void write(String path, byte[] bytes) throws IOException {
    write(path, bytes, path.startsWith("crontab/") ? PRIVATE_DIRECTORY : PRIVATE);
  }

  private void write(String path, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
    Path file = building.resolve(path).normalize();
    if (!file.startsWith(building)) {
      throw new IllegalArgumentException(path + " is not below the StateSaveLocation");
    }
    makeDirectories(file.getParent());
    try (FileChannel channel = create(file, mode)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  private void makeDirectories(Path directory) throws IOException {
    if (directory.equals(building) || Files.isDirectory(directory)) {
      return;
    }
    makeDirectories(directory.getParent());
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
    own(directory);
  }

  private FileChannel create(Path file, Set<PosixFilePermission> mode) throws IOException {
    Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
    Files.setPosixFilePermissions(file, mode);
    own(file);
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  private void own(Path path) throws IOException {
    if (!owner.equals(Files.readAttributes(path, "unix:uid,gid"))) {
      Files.setAttribute(path, "unix:uid", owner.get("uid"));
      Files.setAttribute(path, "unix:gid", owner.get("gid"));
    }
  }

  /** Puts it in the target's place. */
  public void commit() throws IOException {
    requireEmpty(target);
    List<Path> directories = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(building)) {
      walk.filter(Files::isDirectory).forEach(directories::add);
    }
    Collections.reverse(directories);
    for (Path directory : directories) {
      sync(directory);
    }
    Files.setPosixFilePermissions(building, permissions);
    own(building);
    Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
    sync(target.getParent());
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (committed || !Files.exists(building)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(building)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
