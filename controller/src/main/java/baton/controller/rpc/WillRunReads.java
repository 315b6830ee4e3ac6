package baton.controller.rpc;

import baton.controller.apply.Outcome;
import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.command.SubmitJob;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.query.WillRunAnswers;
import baton.controller.scheduler.WillRun;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobDescription;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.Release;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** When a job would start: it is submitted to a copy of the state, which is then forgotten. */
final class WillRunReads {
  private final RpcContext context;

  WillRunReads(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_JOB_WILL_RUN, this::willRun);
  }

  /** Planning may take long, so it is not done on a network thread. */
  private CompletionStage<Answer> willRun(Request request) {
    JobDescription asked = JobDescriptions.owned((JobDescription) request.body(), request.caller());
    ClusterState state = context.snapshots().current();
    SubmitJob submission =
        SubmitJob.builder()
            .time(context.time().now().truncatedTo(ChronoUnit.SECONDS))
            .caller(Asking.caller(request, state))
            .request(
                JobDescriptions.request(asked, state.config(), request.release().protocolVersion()))
            .build();
    return CompletableFuture.supplyAsync(() -> answer(state, submission, request.release()));
  }

  private static Answer answer(ClusterState state, SubmitJob submission, Release release) {
    Outcome outcome = StateMachine.apply(state, submission);
    if (!(outcome.reply() instanceof Reply.JobAccepted accepted)) {
      return Replies.submitted(outcome.reply(), submission.request(), state);
    }
    Job wanted = outcome.next().jobs().get(accepted.jobId()).orElseThrow();
    return WillRun.of(state, wanted, submission.time())
        .map(
            expected ->
                Answer.of(
                    MessageType.RESPONSE_JOB_WILL_RUN, WillRunAnswers.of(state, expected, release)))
        .orElseGet(() -> Answer.returnCode(SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE));
  }
}
