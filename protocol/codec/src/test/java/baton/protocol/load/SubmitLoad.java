package baton.protocol.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import baton.protocol.message.JobDescription;
import baton.protocol.message.MessageType;
import baton.protocol.message.SubmitBatchJobResponse;
import baton.protocol.net.Message;
import baton.protocol.net.Reply;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Submits batch jobs. Acknowledged is what the controller gave a job id for; a submission whose
 * answer was lost may or may not have become a job, and is counted as unknown.
 */
final class SubmitLoad {
  private static final int RETRY_MILLIS = 200;

  private final Peer peer;
  private final Message submission;
  private final boolean retry;
  private final Optional<Path> ids;
  private final Stopwatch acknowledged = new Stopwatch();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder notSent = new LongAdder();

  private SubmitLoad(Peer peer, Arguments arguments, JobDescription job) {
    this.peer = peer;
    this.submission = new Message(MessageType.REQUEST_SUBMIT_BATCH_JOB, job);
    this.retry = arguments.has("retry");
    this.ids = arguments.path("ids");
  }

  static Map<String, Number> run(Arguments arguments) throws Exception {
    Optional<Path> file = arguments.path("script");
    String script = file.isPresent() ? Files.readString(file.get()) : "#!/bin/sh\ntrue\n";
    JobDescription job =
        BatchJobs.wrapped(
            script,
            arguments.text("work-dir").orElse("/tmp"),
            arguments.number("user", 2001),
            arguments.has("hold"));
    // in a drill the controller may be down, and nothing is measured
    try (Peer peer = arguments.has("retry") ? Peer.of(arguments) : Peer.of(arguments).warmedUp()) {
      SubmitLoad load = new SubmitLoad(peer, arguments, job);
      Crew.of(arguments).run(load::submit);
      Map<String, Number> result = load.acknowledged.result();
      result.put("refused", load.refused.sum());
      result.put("unknown", load.unknown.sum());
      result.put("notSent", load.notSent.sum());
      return result;
    }
  }

  private void submit(Crew crew) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    SendOutcome outcome = peer.askNext(submission);
    while (retry
        && outcome instanceof SendFailure failure
        && !failure.reason().mayHaveArrived()
        && !crew.ended()) {
      Thread.sleep(RETRY_MILLIS);
      outcome = peer.askNext(submission);
    }
    if (outcome instanceof Reply reply) {
      if (reply.body() instanceof SubmitBatchJobResponse accepted) {
        acknowledged.answered(begun);
        keep(accepted.jobId());
      } else {
        tellOnce(refused, "refused: " + reply);
      }
    } else if (outcome instanceof SendFailure failure && !failure.reason().mayHaveArrived()) {
      tellOnce(notSent, "not sent: " + failure);
    } else {
      tellOnce(unknown, "no answer: " + outcome);
    }
  }

  private void tellOnce(LongAdder counter, String what) {
    counter.increment();
    if (counter.sum() == 1) {
      System.err.println("load: " + what);
    }
  }

  private synchronized void keep(JobId id) throws IOException {
    if (ids.isPresent()) {
      Files.writeString(
          ids.get(),
          id.value() + "\n",
          UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
