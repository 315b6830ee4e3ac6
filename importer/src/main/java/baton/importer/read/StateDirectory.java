package baton.importer.read;

import baton.importer.state.ClusterName;
import baton.importer.state.DbdMessages;
import baton.importer.state.Fault;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormat.Opening;
import baton.importer.state.StateFormats;
import baton.protocol.type.Bytes;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A StateSaveLocation that is read. Whatever is wrong becomes a {@link Fault}; nothing is written,
 * and nothing that stands in the files ends the reading of the others. No slurmctld may write there
 * meanwhile. For one thread.
 */
public final class StateDirectory {

  /** Most bytes of a file that is read whole. */
  private static final int MOST_BYTES = 1 << 28;

  private static final String PREVIOUS = ".old";

  private final StateSource source;
  private final Release release;
  private final List<Fault> faults = new ArrayList<>();

  private StateDirectory(StateSource source, Release release) {
    this.source = source;
    this.release = release;
  }

  /**
   * Opens it; empty if no file tells a release that is known.
   *
   * @see #release
   */
  public static Optional<StateDirectory> open(StateSource source) {
    return releaseOf(source).map(release -> new StateDirectory(source, release));
  }

  /** That of the first file, in the order of {@link StateFormats#ALL}, that tells one. */
  private static Optional<Release> releaseOf(StateSource source) {
    for (String suffix : List.of("", PREVIOUS)) {
      for (StateFormat<?, ?> format : StateFormats.ALL) {
        Optional<Release> release = releaseOf(source, format, format.fileName() + suffix);
        if (format.opening() != Opening.BARE && release.isPresent()) {
          return release;
        }
      }
    }
    return Optional.empty();
  }

  private static <H, R> Optional<Release> releaseOf(
      StateSource source, StateFormat<H, R> format, String path) {
    try (InputStream in = source.open(path).orElse(null)) {
      return in == null
          ? Optional.empty()
          : new RecordReader<>(format, path, in, Release.V22_05).release();
    } catch (IOException e) {
      return Optional.empty(); // told when the file itself is read
    }
  }

  /** The release of the slurmctld that wrote: that of job_state, if it can be read. */
  public Release release() {
    return release;
  }

  /** What was found wrong until now, in the order in which it was. */
  public List<Fault> faults() {
    return Collections.unmodifiableList(faults);
  }

  /** Reads a file; all its records are in memory. */
  public <H, R> StateFile<H, R> read(StateFormat<H, R> format) {
    List<R> records = new ArrayList<>();
    StateFile<H, R> file = scan(format, records::add);
    return new StateFile<>(file.path(), file.release(), file.header(), records, file.count());
  }

  /** Reads a file and gives its records one by one; one at a time is in memory. */
  public <H, R> StateFile<H, R> scan(StateFormat<H, R> format, Consumer<? super R> records) {
    String path = generation(format.fileName());
    try (InputStream in = source.open(path).orElse(null)) {
      if (in != null) {
        return scan(new RecordReader<>(format, path, in, release), path, records);
      }
    } catch (IOException e) {
      faults.add(Fault.of(path, "cannot be read: " + e.getMessage()));
    }
    return new StateFile<>(path, Optional.empty(), Optional.empty(), List.of(), 0);
  }

  private <H, R> StateFile<H, R> scan(
      RecordReader<H, R> reader, String path, Consumer<? super R> records) {
    reader
        .release()
        .filter(other -> other != release)
        .ifPresent(
            other ->
                faults.add(
                    Fault.of(path, "is of release " + other + " among those of " + release)));
    for (R record = reader.next(); record != null; record = reader.next()) {
      records.accept(record);
    }
    reader.fault().ifPresent(faults::add);
    return new StateFile<>(path, reader.release(), reader.header(), List.of(), reader.records());
  }

  /**
   * The file, or its previous generation where slurmctld falls back to it: up to 24.11, when the
   * file itself is missing. What an interrupted save left behind ({@code .new}) it never reads.
   */
  private String generation(String name) {
    String previous = name + PREVIOUS;
    if (exists(name) || !exists(previous)) {
      return name;
    }
    if (release.atLeast(Release.V25_05)) {
      faults.add(
          Fault.of(name, "is missing; of release " + release + " " + previous + " is not read"));
      return name;
    }
    faults.add(Fault.of(name, "is missing; " + previous + " is read instead"));
    return previous;
  }

  private boolean exists(String path) {
    try (InputStream in = source.open(path).orElse(null)) {
      return in != null;
    } catch (IOException e) {
      return true; // its reader tells why it cannot be read
    }
  }

  /** The name of the cluster; empty if the file is missing, or damaged. */
  public Optional<ClusterName> clusterName() {
    Optional<byte[]> bytes = whole(ClusterName.FILE);
    Optional<ClusterName> name = bytes.flatMap(ClusterName::parse);
    if (bytes.isPresent() && name.isEmpty()) {
      faults.add(new Fault(ClusterName.FILE, 0, "is no name of a cluster"));
    }
    return name;
  }

  /** What waits for slurmdbd: all that stands before the first damage. */
  public DbdMessages dbdMessages() {
    return DbdMessages.parse(whole(DbdMessages.FILE).orElse(new byte[0]), faults);
  }

  /** Script and environment of a job, or of the array that it is a task of. */
  public JobFiles jobFiles(JobId job) {
    String script = JobFiles.scriptPath(job);
    String environment = JobFiles.environmentPath(job);
    return new JobFiles(
        whole(script).flatMap(bytes -> JobFiles.parseScript(script, bytes, faults)),
        whole(environment).flatMap(bytes -> JobFiles.parseEnvironment(environment, bytes, faults)));
  }

  /** The crontab of a user; empty if there is none, or it is damaged. */
  public Optional<Bytes> crontab(Uid user) {
    String path = JobFiles.crontabPath(user);
    return whole(path).flatMap(bytes -> JobFiles.parseScript(path, bytes, faults));
  }

  /** The paths of all files; none, with a fault, if they cannot be listed. */
  public Set<String> paths() {
    try {
      return source.paths();
    } catch (IOException | UncheckedIOException e) {
      faults.add(Fault.of(".", "cannot be listed: " + e.getMessage()));
      return Set.of();
    }
  }

  /** The bytes of a file as they are; empty if it is missing, unreadable or too large. */
  public Optional<byte[]> whole(String path) {
    try (InputStream in = source.open(path).orElse(null)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length <= MOST_BYTES) {
        return Optional.of(bytes);
      }
      faults.add(new Fault(path, MOST_BYTES, "is longer than such a file may be"));
    } catch (IOException e) {
      faults.add(Fault.of(path, "cannot be read: " + e.getMessage()));
    }
    return Optional.empty();
  }
}
