package baton.protocol.load;

import baton.protocol.message.JobInfoRequest;
import baton.protocol.message.JobInfoResponse;
import baton.protocol.message.MessageType;
import baton.protocol.net.Message;
import baton.protocol.net.Reply;
import baton.protocol.net.SendOutcome;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Asks for all jobs as squeue does; the answer is decoded, as squeue has to. */
final class QueryLoad {
  /** SHOW_LOCAL and SHOW_DETAIL, which squeue 22.05 sets. */
  private static final int SHOW_FLAGS = 0x12;

  private static final Message QUESTION =
      new Message(
          MessageType.REQUEST_JOB_INFO, JobInfoRequest.builder().showFlags(SHOW_FLAGS).build());

  private QueryLoad() {}

  static Map<String, Number> run(Arguments arguments) throws Exception {
    LongAdder failed = new LongAdder();
    AtomicLong jobs = new AtomicLong();
    try (Peer peer = Peer.of(arguments).warmedUp()) {
      Stopwatch answers = new Stopwatch();
      Crew.of(arguments)
          .run(
              crew -> {
                long begun = System.nanoTime();
                SendOutcome outcome = peer.ask(QUESTION);
                if (outcome instanceof Reply reply
                    && reply.body() instanceof JobInfoResponse list) {
                  answers.answered(begun);
                  jobs.set(list.recordCount());
                } else {
                  failed.increment();
                  System.err.println("load: " + outcome);
                }
              });
      Map<String, Number> result = answers.result();
      result.put("failed", failed.sum());
      result.put("jobs", jobs.get());
      return result;
    }
  }
}
