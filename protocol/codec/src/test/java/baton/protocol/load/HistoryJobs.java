package baton.protocol.load;

import baton.protocol.message.JobDescription;
import baton.protocol.message.JobInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The jobs of a history. Each has a name of ours from the start, which the script writes to and
 * which shows as its standard output, so that a job whose answer was lost is found.
 */
final class HistoryJobs {
  /**
   * A job.
   *
   * @param id its id, 0 while not known
   */
  record Tried(String token, long id) {}

  /** Clients keep to the youngest, so that several are at the same one. */
  private static final int YOUNGEST = 8;

  private final Path directory;
  private final String prefix;
  private final long user;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Tried> tried = new ArrayList<>();
  private final List<Tried> known = new ArrayList<>();

  HistoryJobs(Path directory, String prefix, long user) {
    this.directory = directory;
    this.prefix = prefix;
    this.user = user;
  }

  String nextToken() {
    return prefix + "-" + count.incrementAndGet();
  }

  /** The job's script leaves the time when it begins and when it ends. */
  JobDescription describe(
      String token, String name, long limitMinutes, boolean hold, int exit, int tenths) {
    String script =
        String.join(
            "\n",
            "#!/bin/sh",
            "date +%s%N >>" + directory.resolve("begun").resolve(token),
            "sleep " + tenths / 10 + "." + tenths % 10,
            "date +%s%N >>" + directory.resolve("ended").resolve(token),
            "exit " + exit,
            "");
    return BatchJobs.wrapped(script, directory.toString(), user, hold).toBuilder()
        .jobName(name)
        .timeLimit(limitMinutes)
        .standardOutput(output(token))
        .build();
  }

  String output(String token) {
    return directory.resolve("out").resolve(token).toString();
  }

  /** Whether it is that job, whatever id it has. */
  boolean isAbout(JobInfo info, String token) {
    return output(token).equals(info.standardOutput());
  }

  synchronized void submitted(String token, long id) {
    tried.add(new Tried(token, id));
    if (id != 0) {
      known.add(new Tried(token, id));
    }
  }

  /** One of the youngest; null when there is none. */
  synchronized Tried pick(Random random) {
    int size = known.size();
    return size == 0 ? null : known.get(size - 1 - random.nextInt(Math.min(size, YOUNGEST)));
  }

  synchronized List<Tried> all() {
    return List.copyOf(tried);
  }
}
