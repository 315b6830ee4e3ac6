package baton.controller.rpc;

import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.scheduler.SchedulingFigures;
import baton.protocol.buffer.WireWriter;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.message.SchedulingStatistics;
import baton.protocol.message.StatisticsRequest;
import baton.protocol.message.StatisticsResponse;
import baton.protocol.net.Answer;
import baton.protocol.net.EncodedBody;
import baton.protocol.net.Request;
import baton.protocol.type.Bytes;
import baton.protocol.type.Ints;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import baton.protocol.wire.StatisticsResponseCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * sdiag: the counters of the cluster's jobs and of the controller's messages. Only the one that
 * leads schedules, so another passes the question on to it, and gives its own counters while nobody
 * leads.
 */
public final class StatisticsReads {
  private static final int RESET = 0;

  /** Reasons for a cycle's end as slurm.h of 23.11 and newer numbers them; which is out of time. */
  private static final int SCHEDULE_EXITS = 6;

  private static final int SCHEDULE_CUT = 5;
  private static final int BACKFILL_EXITS = 6;
  private static final int BACKFILL_CUT = 5;

  private static final byte DONE = 0;
  private static final byte DENIED = 1;
  private static final byte COUNTERS = 2;
  private static final int ANSWER_BYTES = 1024;

  private final RpcContext context;
  private final RpcCounters counters;

  /** The cluster's counters at the last reset; they go on counting in the state. */
  private volatile ClusterFacts base = ClusterFacts.builder().build();

  public StatisticsReads(RpcContext context, RpcCounters counters) {
    this.context = context;
    this.counters = counters;
  }

  /** Adds sdiag's message to the table. */
  public void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_STATS_INFO, this::statistics);
  }

  private CompletionStage<Answer> statistics(Request request) {
    StatisticsQuestion question =
        new StatisticsQuestion(
            request.release(),
            request.caller().uid(),
            ((StatisticsRequest) request.body()).command());
    return context
        .administration()
        .askLeader(question.encode())
        .map(
            answer ->
                answer
                    .thenApply(StatisticsReads::passedOn)
                    .exceptionally(silent -> passedOn(own(question))))
        .orElseGet(() -> CompletableFuture.completedStage(passedOn(own(question))));
  }

  /**
   * Answers another controller of the group.
   *
   * @param question what it was asked, as it says
   * @throws IllegalArgumentException when it is not understood
   */
  public CompletionStage<byte[]> answer(byte[] question) {
    return CompletableFuture.completedStage(own(StatisticsQuestion.decode(question)));
  }

  /** This controller's answer: what came of it (u8), and the body after {@link #COUNTERS}. */
  private byte[] own(StatisticsQuestion question) {
    ClusterState state = context.snapshots().current();
    ByteBuf out = Unpooled.buffer(ANSWER_BYTES);
    if (question.command() != RESET) {
      out.writeByte(COUNTERS);
      StatisticsResponseCodec.encode(
          response(state, question.release()), new WireWriter(out), question.release());
    } else if (Asking.isSuperUser(question.uid(), state)) {
      base = state.facts();
      context.administration().resetScheduling();
      counters.reset(context.time().now());
      out.writeByte(DONE);
    } else {
      out.writeByte(DENIED);
    }
    return ByteBufUtil.getBytes(out);
  }

  private static Answer passedOn(byte[] answer) {
    return switch (answer[0]) {
      case COUNTERS ->
          Answer.of(
              MessageType.RESPONSE_STATS_INFO,
              EncodedBody.of(Bytes.owning(Arrays.copyOfRange(answer, 1, answer.length))));
      case DONE -> Answer.success();
      case DENIED -> Answer.returnCode(SlurmError.ESLURM_ACCESS_DENIED);
      default -> throw new IllegalArgumentException("an answer of kind " + answer[0]);
    };
  }

  private StatisticsResponse response(ClusterState state, Release release) {
    RpcCounters.Reading reading = counters.read();
    List<Integer> types = new ArrayList<>();
    List<Long> typeCounts = new ArrayList<>();
    List<Long> typeTimes = new ArrayList<>();
    reading
        .types()
        .forEach(
            (type, count) -> {
              if (type.isSpoken(release)) {
                types.add(type.number(release));
                typeCounts.add(count.messages());
                typeTimes.add(count.micros());
              }
            });
    List<Long> users = new ArrayList<>();
    List<Long> userCounts = new ArrayList<>();
    List<Long> userTimes = new ArrayList<>();
    reading
        .users()
        .forEach(
            (user, count) -> {
              users.add(user.value());
              userCounts.add(count.messages());
              userTimes.add(count.micros());
            });
    return StatisticsResponse.builder()
        .scheduling(jobs(state, reading.since()))
        .rpcTypeCount(types.size())
        .rpcTypeIds(Ints.copyOf(types))
        .rpcTypeCounts(Longs.copyOf(typeCounts))
        .rpcTypeTimes(Longs.copyOf(typeTimes))
        .rpcUserCount(users.size())
        .rpcUserIds(Longs.copyOf(users))
        .rpcUserCounts(Longs.copyOf(userCounts))
        .rpcUserTimes(Longs.copyOf(userTimes))
        .build();
  }

  private SchedulingStatistics jobs(ClusterState state, Instant since) {
    ClusterFacts facts = state.facts();
    ClusterFacts from = base;
    long pending = 0;
    long running = 0;
    for (Job job : state.jobs().values()) {
      pending += job.state() == JobState.PENDING ? 1 : 0;
      running += job.state() == JobState.RUNNING ? 1 : 0;
    }
    long now = context.time().now().getEpochSecond();
    SchedulingFigures figures = context.administration().scheduling();
    Instant last = figures.lastPlan();
    return SchedulingStatistics.builder()
        .scheduleCycleLast(wrapped(figures.lastMicros()))
        .scheduleCycleMax(wrapped(figures.mostMicros()))
        .scheduleCycleSum(wrapped(figures.sumMicros()))
        .scheduleCycleCount(wrapped(figures.plans()))
        .scheduleCycleDepth(wrapped(figures.sumExamined()))
        .scheduleExits(exits(SCHEDULE_EXITS, SCHEDULE_CUT, figures))
        .backfilledJobs(figures.everBackfilled())
        .backfilledJobsLast(figures.backfilled())
        .backfillCycleCount(wrapped(figures.plans()))
        .backfillCycleLast(wrapped(figures.lastMicros()))
        .backfillCycleMax(wrapped(figures.mostMicros()))
        .backfillCycleSum(figures.sumMicros())
        .backfillLastCycleTime(last == null ? 0 : last.getEpochSecond())
        .backfillLastDepth(figures.lastExamined())
        .backfillLastDepthTry(figures.lastTried())
        .backfillDepthSum(wrapped(figures.sumExamined()))
        .backfillDepthTrySum(wrapped(figures.sumTried()))
        .backfillQueueLength(figures.lastQueue())
        .backfillQueueLengthSum(wrapped(figures.sumQueue()))
        .backfillExits(exits(BACKFILL_EXITS, BACKFILL_CUT, figures))
        .requestTime(now)
        .requestTimeStart(since.getEpochSecond())
        .serverThreadCount(1)
        .agentQueueSize(state.effects().size())
        .jobsSubmitted(facts.submitted() - from.submitted())
        .jobsStarted(facts.started() - from.started())
        .jobsCompleted(facts.completed() - from.completed())
        .jobsCanceled(facts.cancelled() - from.cancelled())
        .jobsFailed(facts.failed() - from.failed())
        .jobsPending(pending)
        .jobsRunning(running)
        .jobStatesTime(now)
        .scheduleQueueLength(figures.lastQueue())
        .build();
  }

  /** As 32 bits count: from the beginning again when they are full. */
  private static long wrapped(long count) {
    return count & 0xffffffffL;
  }

  /** How often plans came to the queue's end, the first reason, or were cut short. */
  private static Longs exits(int reasons, int cut, SchedulingFigures figures) {
    long[] counts = new long[reasons];
    counts[0] = figures.plans() - figures.cutShort();
    counts[cut] = figures.cutShort();
    return Longs.owning(counts);
  }
}
