package baton.protocol.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import baton.protocol.load.Arguments.UsageException;
import baton.protocol.message.JobInfoResponse;
import baton.protocol.net.Message;
import baton.protocol.net.Reply;
import baton.protocol.net.SendOutcome;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One client that wants one thing and does not give up: a change of a job, or a look at it. When a
 * controller fails it, it asks the next. The gap between answers is what a client notices.
 */
final class ProbeLoad {
  private static final int DEFAULT_EVERY_MILLIS = 20;
  private static final int DEFAULT_PATIENCE_SECONDS = 10;

  private ProbeLoad() {}

  static Map<String, Number> run(Arguments arguments) throws Exception {
    long job = arguments.number("job", 1);
    boolean write =
        switch (arguments.required("kind")) {
          case "write" -> true;
          case "read" -> false;
          default -> throw new UsageException("--kind wants write or read");
        };
    Duration patience = Duration.ofSeconds(arguments.number("patience", DEFAULT_PATIENCE_SECONDS));
    int everyMillis = arguments.number("every", DEFAULT_EVERY_MILLIS);
    Path file = Path.of(arguments.required("answers"));
    LongAdder failed = new LongAdder();
    AtomicInteger member = new AtomicInteger();
    try (Peer peer = Peer.of(arguments);
        BufferedWriter answers = Files.newBufferedWriter(file, UTF_8)) {
      Stopwatch watch = new Stopwatch();
      Crew.of(arguments)
          .run(
              crew -> {
                long begun = System.nanoTime();
                Instant asked = Instant.now();
                Message question = write ? JobMessages.comment(job, asked) : JobMessages.show(job);
                SendOutcome outcome = peer.ask(member.get() % peer.count(), question, patience);
                if (isAnswer(outcome)) {
                  watch.answered(begun);
                  answers.write(nanos(asked) + " " + nanos(Instant.now()) + "\n");
                  answers.flush();
                } else {
                  failed.increment();
                  member.incrementAndGet();
                }
                long left = everyMillis - (System.nanoTime() - begun) / 1_000_000;
                Thread.sleep(Math.max(left, 0));
              });
      Map<String, Number> result = watch.result();
      result.put("failed", failed.sum());
      return result;
    }
  }

  private static boolean isAnswer(SendOutcome outcome) {
    return outcome instanceof Reply reply
        && (reply.body() instanceof JobInfoResponse || reply.returnCode().orElse(-1) == 0);
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
