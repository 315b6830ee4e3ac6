package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.query.Asker;
import baton.controller.query.JobAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobIdMessage;
import baton.protocol.message.JobInfoRequest;
import baton.protocol.message.JobUserIdMessage;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.EncodedBody;
import baton.protocol.net.Request;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions about jobs. */
final class JobReads {
  private static final long MAX_KEPT_BYTES = 256L << 20;
  private static final long MAX_WHOLE_BYTES = 128L << 20;

  private final RpcContext context;
  private final JobBytes bytes = new JobBytes(MAX_KEPT_BYTES);
  private final WholeAnswers whole = new WholeAnswers(MAX_WHOLE_BYTES);

  JobReads(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_JOB_INFO, this::all);
    table.on(MessageType.REQUEST_JOB_INFO_SINGLE, this::single);
    table.on(MessageType.REQUEST_JOB_USER_INFO, this::ofUser);
  }

  private CompletionStage<Answer> all(Request request) {
    JobInfoRequest asked = (JobInfoRequest) request.body();
    ClusterState state = context.snapshots().current();
    if (Asking.isCurrent(asked.lastUpdate(), state.facts().jobsChanged())) {
      return now(Answer.returnCode(SlurmError.SLURM_NO_CHANGE_IN_DATA));
    }
    Asker asker = asker(request, state, asked.showFlags());
    if (asked.jobIds() != null) {
      List<Long> ids = asked.jobIds().stream().boxed().toList();
      return jobs(state, asker, JobAnswers.named(state, asker, ids));
    }
    EncodedBody body = whole.get(state, asker, () -> all(state, asker));
    return now(Answer.of(MessageType.RESPONSE_JOB_INFO, body));
  }

  private WholeAnswers.Made all(ClusterState state, Asker asker) {
    List<Job> jobs = JobAnswers.all(state, asker);
    return new WholeAnswers.Made(
        bytes.response(state, asker, jobs, lastPlan()), JobBytes.dependsOnTime(jobs, asker));
  }

  private CompletionStage<Answer> single(Request request) {
    JobIdMessage asked = (JobIdMessage) request.body();
    ClusterState state = context.snapshots().current();
    Asker asker = asker(request, state, asked.showFlags());
    List<Job> found = JobAnswers.single(state, asker, asked.jobId());
    return found.isEmpty()
        ? now(Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID))
        : jobs(state, asker, found);
  }

  private CompletionStage<Answer> ofUser(Request request) {
    JobUserIdMessage asked = (JobUserIdMessage) request.body();
    ClusterState state = context.snapshots().current();
    Asker asker = asker(request, state, asked.showFlags());
    return jobs(state, asker, JobAnswers.ofUser(state, asker, asked.userId()));
  }

  private CompletionStage<Answer> jobs(ClusterState state, Asker asker, List<Job> jobs) {
    return now(
        Answer.of(MessageType.RESPONSE_JOB_INFO, bytes.response(state, asker, jobs, lastPlan())));
  }

  private Instant lastPlan() {
    return context.administration().scheduling().lastPlan();
  }

  private Asker asker(Request request, ClusterState state, int showFlags) {
    return Asking.asker(request, state, showFlags, context.time().now());
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
