package baton.protocol.load;

import baton.protocol.load.HistoryFile.Line;
import baton.protocol.load.HistoryJobs.Tried;
import baton.protocol.message.JobDescription;
import baton.protocol.message.JobInfo;
import baton.protocol.message.JobInfoResponse;
import baton.protocol.message.MessageType;
import baton.protocol.message.SubmitBatchJobResponse;
import baton.protocol.net.Message;
import baton.protocol.net.Reply;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many clients at the same few jobs, each operation at a controller chosen at random, while
 * somebody else kills controllers; what each client asked and was told is kept with its times. A
 * request that certainly did not arrive is sent again and leaves no line; one that nobody answered
 * leaves one without an end. At the end all jobs are listed, what scripts wrote is added, and what
 * is left of the jobs is cancelled.
 */
final class HistoryLoad {
  private static final int RETRY_MILLIS = 50;
  private static final int LIST_ATTEMPTS = 600;
  private static final long BASE_STATE = 0xff;
  private static final List<String> STATES =
      List.of("PENDING", "RUNNING", "SUSPENDED", "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT");

  /** ESLURM_INVALID_JOB_ID. */
  private static final int NO_SUCH_JOB = 2017;

  /** What stands for the scheduler's choice in a request, and in a history. */
  private static final long RELEASE = 0xffffffffL;

  private static final long OF_THE_SCHEDULER = -1;

  private final Peer peer;
  private final HistoryJobs jobs;
  private final Path directory;
  private final Duration patience;
  private final long seed;
  private final HistoryFile history = new HistoryFile();
  private final Stopwatch answers = new Stopwatch();
  private final AtomicInteger clients = new AtomicInteger();

  /** Times that scripts wrote, minus this, are times of {@link System#nanoTime}. */
  private final long epochMinusNanoTime;

  private final ThreadLocal<Client> client;

  /** A thread's own name and dice. */
  private record Client(String name, Random random) {}

  private HistoryLoad(Peer peer, Arguments arguments) throws Exception {
    this.peer = peer;
    this.directory = Path.of(arguments.required("work-dir"));
    this.jobs =
        new HistoryJobs(
            directory, arguments.text("name").orElse("h"), arguments.number("user", 2001));
    this.patience = Duration.ofSeconds(arguments.number("patience", 10));
    this.seed = arguments.number("seed", 1);
    Instant now = Instant.now();
    this.epochMinusNanoTime =
        now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    this.client =
        ThreadLocal.withInitial(
            () -> {
              int number = clients.incrementAndGet();
              return new Client("c" + number, new Random(31 * seed + number));
            });
  }

  static Map<String, Number> run(Arguments arguments) throws Exception {
    Path file = Path.of(arguments.required("history"));
    try (Peer peer = Peer.of(arguments)) {
      HistoryLoad load = new HistoryLoad(peer, arguments);
      Crew.of(arguments).run(load::turn);
      Map<String, Number> result = load.answers.result();
      load.listAll();
      load.readScripts("begun", "started");
      load.readScripts("ended", "ended");
      load.history.write(file);
      load.cancelAll();
      result.put("lines", load.history.size());
      return result;
    }
  }

  private void turn(Crew crew) throws InterruptedException {
    Random random = client.get().random();
    Tried job = jobs.pick(random);
    if (job == null || random.nextInt(15) == 0) {
      submit(crew, random);
      return;
    }
    switch (random.nextInt(20)) {
      case 0, 1 -> change(crew, job, "hold", JobDescription.builder().priority(0), List.of());
      case 2, 3, 4 ->
          change(crew, job, "release", JobDescription.builder().priority(RELEASE), List.of());
      case 5, 6, 7, 8 -> update(crew, job, random);
      case 9 -> change(crew, job, "cancel", null, List.of());
      default -> show(crew, job);
    }
  }

  private void submit(Crew crew, Random random) throws InterruptedException {
    String token = jobs.nextToken();
    boolean hold = random.nextInt(4) != 0;
    int exit = random.nextInt(3) == 0 ? 3 : 0;
    long limit = 60L + random.nextInt(60);
    JobDescription job = jobs.describe(token, token, limit, hold, exit, random.nextInt(20));
    Exchanged done = exchange(crew, "submit", token, MessageType.REQUEST_SUBMIT_BATCH_JOB, job);
    if (done == null) {
      return;
    }
    done.line
        .with("name", token)
        .with("comment", "")
        .with("limit", limit)
        .with("priority", hold ? 0 : OF_THE_SCHEDULER)
        .with("exit", exit);
    long id = 0;
    if (done.outcome instanceof Reply reply
        && reply.body() instanceof SubmitBatchJobResponse accepted) {
      id = accepted.jobId().value();
      done.line.with("id", id).with("outcome", "done");
      answers.answered(done.callNanos);
      history.add(done.line);
    } else {
      ended(done);
    }
    jobs.submitted(token, id);
  }

  private void update(Crew crew, Tried job, Random random) throws InterruptedException {
    JobDescription.Builder changes = JobDescription.builder();
    Map<String, Object> members = new HashMap<>();
    int which = random.nextInt(5);
    String value = Integer.toString(random.nextInt(100_000));
    if (which < 3) {
      changes.jobName("n" + value);
      members.put("name", "n" + value);
    }
    if (which == 1 || which == 3) {
      changes.comment("c" + value);
      members.put("comment", "c" + value);
    }
    if (which == 2) {
      long limit = 60L + random.nextInt(500);
      changes.timeLimit(limit);
      members.put("limit", limit);
    }
    if (which == 4) {
      long priority = 1000L + random.nextInt(1000);
      changes.priority(priority);
      members.put("priority", priority);
    }
    change(crew, job, "update", changes, List.copyOf(members.entrySet()));
  }

  private void change(
      Crew crew,
      Tried job,
      String operation,
      JobDescription.Builder changes,
      List<Map.Entry<String, Object>> members)
      throws InterruptedException {
    Message message =
        changes == null ? JobMessages.cancel(job.id()) : JobMessages.update(job.id(), changes);
    Exchanged done = exchange(crew, operation, job.token(), message.type(), message.body());
    if (done == null) {
      return;
    }
    for (Map.Entry<String, Object> member : members) {
      if (member.getValue() instanceof Long number) {
        done.line.with(member.getKey(), number);
      } else {
        done.line.with(member.getKey(), member.getValue().toString());
      }
    }
    ended(done);
  }

  private void show(Crew crew, Tried job) throws InterruptedException {
    Message message = JobMessages.show(job.id());
    Exchanged done = exchange(crew, "show", job.token(), message.type(), message.body());
    if (done == null) {
      return;
    }
    if (done.outcome instanceof Reply reply
        && reply.body() instanceof JobInfoResponse list
        && list.jobs().size() == 1) {
      seen(done.line, list.jobs().get(0));
      answers.answered(done.callNanos);
      history.add(done.line);
    } else {
      ended(done);
    }
  }

  private static void seen(Line line, JobInfo job) {
    int base = (int) (job.jobState() & BASE_STATE);
    line.with("id", job.jobId().value())
        .with("state", base < STATES.size() ? STATES.get(base) : "STATE" + base)
        .with("name", job.jobName() == null ? "" : job.jobName())
        .with("comment", job.comment() == null ? "" : job.comment())
        .with("limit", job.timeLimit())
        .with("priority", job.priority())
        .with("exit", job.exitCode() >> 8 & 0xff)
        .with("outcome", "done");
  }

  /** An operation that arrived, or may have. */
  private static final class Exchanged {
    private final Line line;
    private final long callNanos;
    private final SendOutcome outcome;

    private Exchanged(Line line, long callNanos, SendOutcome outcome) {
      this.line = line;
      this.callNanos = callNanos;
      this.outcome = outcome;
    }
  }

  /** Asks until it arrives, or may have; null when the crew is done before that. */
  private Exchanged exchange(
      Crew crew, String operation, String token, MessageType type, Object body)
      throws InterruptedException {
    Client self = client.get();
    while (!crew.ended()) {
      int member = self.random().nextInt(peer.count());
      long call = System.nanoTime();
      SendOutcome outcome = peer.ask(member, new Message(type, body), patience);
      if (!(outcome instanceof SendFailure failure) || failure.reason().mayHaveArrived()) {
        Line line = new Line(self.name(), operation, token, call).with("member", member + 1L);
        if (outcome instanceof Reply) {
          line.with("return", System.nanoTime());
        }
        return new Exchanged(line, call, outcome);
      }
      Thread.sleep(RETRY_MILLIS);
    }
    return null;
  }

  /** Done, refused, or nobody knows. */
  private void ended(Exchanged done) {
    if (done.outcome instanceof Reply reply && reply.returnCode().isPresent()) {
      long code = reply.returnCode().getAsLong();
      done.line.with("outcome", code == 0 ? "done" : "refused");
      if (code != 0) {
        done.line.with("code", code);
      }
      answers.answered(done.callNanos);
    } else {
      done.line.with("outcome", "unknown");
    }
    history.add(done.line);
  }

  /** Asks for all jobs until a controller answers: a look at each, acknowledged or not. */
  private void listAll() throws InterruptedException {
    for (int attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
      long call = System.nanoTime();
      SendOutcome outcome = peer.ask(attempt % peer.count(), JobMessages.showAll(), patience);
      if (outcome instanceof Reply reply && reply.body() instanceof JobInfoResponse list) {
        long end = System.nanoTime();
        jobs.all().forEach(job -> listed(job, list.jobs(), call, end));
        return;
      }
      Thread.sleep(RETRY_MILLIS);
    }
    throw new IllegalStateException("no controller lists the jobs");
  }

  private void listed(Tried job, List<JobInfo> list, long call, long end) {
    List<JobInfo> found = list.stream().filter(info -> jobs.isAbout(info, job.token())).toList();
    for (JobInfo info : found) {
      Line line = new Line("list", "show", job.token(), call).with("return", end);
      seen(line, info);
      history.add(line);
    }
    if (found.isEmpty()) {
      history.add(
          new Line("list", "show", job.token(), call)
              .with("return", end)
              .with("outcome", "refused")
              .with("code", NO_SUCH_JOB));
    }
  }

  /** Each line that a script wrote is a moment. */
  private void readScripts(String from, String operation) throws IOException {
    for (Tried job : jobs.all()) {
      Path file = directory.resolve(from).resolve(job.token());
      if (Files.exists(file)) {
        for (String written : Files.readAllLines(file)) {
          long time = Long.parseLong(written) - epochMinusNanoTime;
          Line line = new Line("node", operation, job.token(), time);
          boolean moment = operation.equals("started");
          history.add(
              moment
                  ? line.with("return", time).with("outcome", "done")
                  : line.with("outcome", "unknown"));
        }
      }
    }
  }

  private void cancelAll() {
    for (Tried job : jobs.all()) {
      if (job.id() != 0) {
        peer.ask(0, JobMessages.cancel(job.id()), patience);
      }
    }
  }
}
