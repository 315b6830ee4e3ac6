package baton.controller.linear;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * Histories as a controller without faults leaves them: eight clients, some answers lost, and jobs
 * that run on nodes. Each operation takes effect in one moment of virtual time; this knows nothing
 * of {@link JobModel}.
 */
final class SimulatedJobs {
  private static final int CLIENTS = 8;
  private static final int PENDING = 0;
  private static final int RUNNING = 1;
  private static final int ENDED = 2;
  private static final int CANCELLED = 3;

  /** What the controller knows of a job. */
  private static final class Job {
    private final long id;
    private final String token;
    private final int exit;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private int phase = PENDING;

    private Job(long id, String token, int exit) {
      this.id = id;
      this.token = token;
      this.exit = exit;
    }

    private boolean held() {
      return settings.get("priority").equals("0");
    }
  }

  private record Event(long time, Runnable what) {}

  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::time));
  private final List<Job> known = new ArrayList<>();
  private final List<Map<String, String>> lines = new ArrayList<>();
  private int left;
  private long now;
  private long lastId = 100;

  private SimulatedJobs(long seed, int operations) {
    this.random = new Random(seed);
    this.left = operations;
  }

  /** The lines of a history, by the time of their call; members as in a history file. */
  static List<Map<String, String>> history(long seed, int operations) {
    SimulatedJobs world = new SimulatedJobs(seed, operations);
    for (int client = 1; client <= CLIENTS; client++) {
      String name = "c" + client;
      world.after(world.random.nextInt(5000), () -> world.turn(name));
    }
    while (!world.events.isEmpty()) {
      Event event = world.events.remove();
      world.now = event.time();
      event.what().run();
    }
    world.lines.sort(Comparator.comparingLong(line -> Long.parseLong(line.get("call"))));
    return world.lines;
  }

  private void after(long micros, Runnable what) {
    events.add(new Event(now + 1 + micros, what));
  }

  private Map<String, String> line(String client, String kind, String token) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("client", client);
    line.put("op", kind);
    line.put("job", token);
    line.put("call", Long.toString(now));
    lines.add(line);
    return line;
  }

  private void turn(String client) {
    if (left <= 0) {
      return;
    }
    left--;
    if (known.size() < 3 || random.nextInt(15) == 0) {
      submit(client);
      return;
    }
    Job job = known.get(known.size() - 1 - random.nextInt(Math.min(known.size(), 8)));
    switch (random.nextInt(20)) {
      case 0, 1 -> change(line(client, "hold", job.token), job, Map.of("priority", "0"));
      case 2, 3, 4 -> change(line(client, "release", job.token), job, Map.of("priority", "-1"));
      case 5, 6, 7, 8 -> update(line(client, "update", job.token), job);
      case 9 -> cancel(line(client, "cancel", job.token), job);
      default -> show(line(client, "show", job.token), job);
    }
  }

  private void submit(String client) {
    Job job = new Job(++lastId, "j" + lastId, random.nextInt(3) == 0 ? 3 : 0);
    job.settings.put("name", "n" + lastId);
    job.settings.put("comment", "");
    job.settings.put("limit", "60");
    job.settings.put("priority", random.nextInt(4) == 0 ? "-1" : "0");
    Map<String, String> line = line(client, "submit", job.token);
    line.putAll(job.settings);
    line.put("exit", Integer.toString(job.exit));
    effect(
        client,
        line,
        () -> {
          line.put("id", Long.toString(job.id));
          wake(job);
          return 0;
        },
        () -> known.add(job));
  }

  private void update(Map<String, String> line, Job job) {
    Map<String, String> wanted = new LinkedHashMap<>();
    String value = Integer.toString(random.nextInt(1000));
    int which = random.nextInt(5);
    if (which < 3) {
      wanted.put("name", "n" + value);
    }
    if (which == 1 || which == 3) {
      wanted.put("comment", "c" + value);
    }
    if (which == 2) {
      wanted.put("limit", Integer.toString(61 + random.nextInt(500)));
    }
    if (which == 4) {
      wanted.put("priority", Integer.toString(1000 + random.nextInt(1000)));
    }
    change(line, job, wanted);
  }

  private void change(Map<String, String> line, Job job, Map<String, String> wanted) {
    if (line.get("op").equals("update")) {
      line.putAll(wanted);
    }
    effect(
        line.get("client"),
        line,
        () -> {
          if (job.phase >= ENDED) {
            return Answer.FINISHED.code();
          }
          if (job.held() && wanted.getOrDefault("priority", "0").length() == 4) {
            return Answer.HELD.code();
          }
          job.settings.putAll(wanted);
          wake(job);
          return 0;
        },
        () -> {});
  }

  private void cancel(Map<String, String> line, Job job) {
    effect(
        line.get("client"),
        line,
        () -> {
          if (job.phase >= ENDED) {
            return Answer.ENDED.code();
          }
          job.phase = CANCELLED;
          return 0;
        },
        () -> {});
  }

  private void show(Map<String, String> line, Job job) {
    effect(
        line.get("client"),
        line,
        () -> {
          line.put("id", Long.toString(job.id));
          String end = job.exit == 0 ? "COMPLETED" : "FAILED";
          line.put("state", List.of("PENDING", "RUNNING", end, "CANCELLED").get(job.phase));
          line.putAll(job.settings);
          if (job.settings.get("priority").equals("-1")) {
            line.put("priority", "4294901");
          }
          line.put("exit", Integer.toString(job.phase == ENDED ? job.exit : 0));
          return 0;
        },
        () -> {});
  }

  /** Takes effect after a while; the answer comes after another while, or never. */
  private void effect(
      String client, Map<String, String> line, IntSupplier what, Runnable answered) {
    boolean lost = random.nextInt(50) == 0;
    boolean reaches = !lost || random.nextBoolean();
    after(
        random.nextInt(lost ? 60_000 : 4000),
        () -> {
          int code = reaches ? what.getAsInt() : 0;
          after(random.nextInt(4000), () -> returned(client, line, lost ? -1 : code, answered));
        });
  }

  private void returned(String client, Map<String, String> line, int code, Runnable answered) {
    if (code < 0) {
      line.put("outcome", "unknown");
      line.remove("id");
    } else {
      line.put("return", Long.toString(now));
      line.put("outcome", code == 0 ? "done" : "refused");
      if (code > 0) {
        line.put("code", Integer.toString(code));
      }
    }
    if (code == 0) {
      answered.run();
    }
    after(random.nextInt(3000), () -> turn(client));
  }

  private void wake(Job job) {
    after(
        random.nextInt(20_000),
        () -> {
          if (job.phase == PENDING && !job.held()) {
            job.phase = RUNNING;
            after(random.nextInt(5000), () -> begin(job));
          }
        });
  }

  private void begin(Job job) {
    Map<String, String> line = line("n1", "started", job.token);
    line.put("return", line.get("call"));
    line.put("outcome", "done");
    after(
        20_000 + random.nextInt(60_000),
        () -> {
          if (job.phase == RUNNING) {
            line("n1", "ended", job.token).put("outcome", "unknown");
            after(
                random.nextInt(10_000), () -> job.phase = job.phase == RUNNING ? ENDED : job.phase);
          }
        });
  }

  /** As a history file has it. */
  static List<String> written(List<Map<String, String>> lines) {
    List<String> written = new ArrayList<>();
    for (Map<String, String> line : lines) {
      StringBuilder text = new StringBuilder("{");
      line.forEach(
          (name, value) -> {
            String quote = value.matches("-?[0-9]+") ? "" : "\"";
            text.append(text.length() == 1 ? "" : ",");
            text.append('"').append(name).append("\":").append(quote).append(value).append(quote);
          });
      written.add(text.append('}').toString());
    }
    return written;
  }
}
