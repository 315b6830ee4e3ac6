package baton.controller.replication.peer;

import baton.controller.replication.Promises;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.apache.ratis.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what members and guests ask to Ratis and to the door, off the event loops. A member's
 * request must carry the very name that its certificate proves.
 *
 * <p>Thread-safe.
 */
final class PeerRequests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerRequests.class);
  private static final int MOST_THREADS = 128;
  private static final long IDLE_SECONDS = 10;

  private final Door door;
  private final int longestFrame;
  private final ThreadPoolExecutor threads;
  private volatile RaftServer server;
  private volatile BiFunction<String, byte[], CompletionStage<byte[]>> questions;
  private volatile Promises promises = Promises.UNTOLD;
  private volatile long leaderHeardNanos;

  PeerRequests(Door door, int longestFrame) {
    this.door = door;
    this.longestFrame = longestFrame;
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "peer-request");
              thread.setDaemon(true);
              return thread;
            });
  }

  void serve(RaftServer serving) {
    server = serving;
  }

  void promising(Promises told) {
    promises = told;
  }

  void stopServing() {
    server = null;
  }

  /** What members ask beyond Raft is answered by that, which is told their names. */
  void answer(BiFunction<String, byte[], CompletionStage<byte[]>> asked) {
    questions = asked;
  }

  int longestFrame() {
    return longestFrame;
  }

  /** Returns when a leader was last heard, by System.nanoTime; 0 for never. */
  long leaderHeardNanos() {
    return leaderHeardNanos;
  }

  /** Carries a request out; the answer comes once, on any thread. */
  void handle(Door.Visitor visitor, Frame frame, Consumer<Frame> answer) {
    try {
      threads.execute(
          () -> {
            try {
              carryOut(visitor, frame, answer);
            } catch (IOException | RuntimeException e) {
              LOG.debug("{} of {} failed", frame.kind(), visitor.member(), e);
              answer.accept(Frame.failure(frame.number(), sentence(e)));
            }
          });
    } catch (RejectedExecutionException busy) {
      answer.accept(Frame.failure(frame.number(), "busy"));
    }
  }

  private static String sentence(Throwable failure) {
    Throwable cause = JavaUtils.unwrapCompletionException(failure);
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private void carryOut(Door.Visitor visitor, Frame frame, Consumer<Frame> answer)
      throws IOException {
    switch (frame.kind()) {
      case VOTE, APPEND, SNAPSHOT, ELECTION ->
          answer.accept(
              new Frame(
                  Frame.Kind.ANSWER, frame.number(), raft(visitor.member(), frame).toByteArray()));
      case CLIENT -> client(visitor.member(), frame, answer);
      case DOOR ->
          answer.accept(
              new Frame(Frame.Kind.ANSWER, frame.number(), door.answer(visitor, frame.body())));
      case QUESTION -> question(visitor.member(), frame, answer);
      case ANSWER, FAILURE -> answer.accept(Frame.failure(frame.number(), "not a request"));
    }
  }

  private static void reply(CompletionStage<byte[]> stage, Frame frame, Consumer<Frame> answer) {
    CompletionStage<byte[]> unused =
        stage.whenComplete(
            (body, failure) ->
                answer.accept(
                    failure == null
                        ? new Frame(Frame.Kind.ANSWER, frame.number(), body)
                        : Frame.failure(frame.number(), sentence(failure))));
  }

  private RaftServer serving() throws IOException {
    RaftServer serving = server;
    if (serving == null) {
      throw new IOException("this member does not run yet");
    }
    return serving;
  }

  private org.apache.ratis.thirdparty.com.google.protobuf.MessageLite raft(
      String member, Frame frame) throws IOException {
    RaftServer serving = serving();
    CodedInputStream in = CodedInputStream.newInstance(frame.body());
    switch (frame.kind()) {
      case VOTE -> {
        RequestVoteRequestProto request = RequestVoteRequestProto.parseFrom(in);
        check(member, serving, request.getServerRequest());
        RequestVoteReplyProto reply = serving.requestVote(request);
        promises.voted();
        return reply;
      }
      case APPEND -> {
        AppendEntriesRequestProto request = AppendEntriesRequestProto.parseFrom(in);
        check(member, serving, request.getServerRequest());
        leaderHeardNanos = System.nanoTime();
        AppendEntriesReplyProto reply = serving.appendEntries(request);
        promises.appended();
        return reply;
      }
      case SNAPSHOT -> {
        InstallSnapshotRequestProto request = InstallSnapshotRequestProto.parseFrom(in);
        check(member, serving, request.getServerRequest());
        leaderHeardNanos = System.nanoTime();
        return serving.installSnapshot(request);
      }
      case ELECTION -> {
        StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.parseFrom(in);
        check(member, serving, request.getServerRequest());
        return serving.startLeaderElection(request);
      }
      case CLIENT, DOOR, QUESTION, ANSWER, FAILURE ->
          throw new IllegalArgumentException("no such request");
    }
    throw new IllegalArgumentException("no such request");
  }

  private static void check(String member, RaftServer serving, RaftRpcRequestProto request)
      throws IOException {
    String claimed = request.getRequestorId().toStringUtf8();
    if (!claimed.equals(member)) {
      throw new IOException(member + " claims to be " + claimed);
    }
    if (!request.getReplyId().toStringUtf8().equals(serving.getId().toString())) {
      throw new IOException("this is " + serving.getId());
    }
  }

  /** Who was removed may have a good certificate still, and must not be heard. */
  private void client(String member, Frame frame, Consumer<Frame> answer) throws IOException {
    RaftServer serving = serving();
    RaftClientRequest request = ClientWire.request(frame.body(), serving.getId());
    RaftServer.Division division = serving.getDivision(request.getRaftGroupId());
    if (division.getInfo().isLeader()
        && division.getRaftConf().getPeer(RaftPeerId.valueOf(member)) == null) {
      throw new IOException(member + " is not a member");
    }
    reply(serving.submitClientRequestAsync(request).thenApply(ClientWire::encode), frame, answer);
  }

  private void question(String member, Frame frame, Consumer<Frame> answer) throws IOException {
    BiFunction<String, byte[], CompletionStage<byte[]>> asked = questions;
    if (member == null || asked == null) {
      throw new IOException("not answered here");
    }
    reply(asked.apply(member, frame.body()), frame, answer);
  }

  @Override
  public void close() {
    server = null;
    threads.shutdownNow();
  }
}
