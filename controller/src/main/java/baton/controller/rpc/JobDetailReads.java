package baton.controller.rpc;

import baton.controller.journal.JobText;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.query.JobAnswers;
import baton.controller.query.StepAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.BatchScript;
import baton.protocol.message.JobAllocationInfoRequest;
import baton.protocol.message.JobIdMessage;
import baton.protocol.message.JobStateRequest;
import baton.protocol.message.JobStepInfoRequest;
import baton.protocol.message.MessageType;
import baton.protocol.message.SrunTimeout;
import baton.protocol.message.StepId;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions about one job: its steps, script, readiness and end. */
final class JobDetailReads {
  private final RpcContext context;

  JobDetailReads(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_JOB_STATE, request -> now(states(request)));
    table.on(MessageType.REQUEST_JOB_STEP_INFO, request -> now(steps(request)));
    table.on(MessageType.REQUEST_JOB_END_TIME, request -> now(end(request)));
    table.on(MessageType.REQUEST_BATCH_SCRIPT, this::script);
  }

  private Answer states(Request request) {
    JobStateRequest asked = (JobStateRequest) request.body();
    ClusterState state = context.snapshots().current();
    return Answer.of(
        MessageType.RESPONSE_JOB_STATE,
        JobAnswers.states(
            state, Asking.asker(request, state, 0, context.time().now()), asked.jobs()));
  }

  private Answer steps(Request request) {
    JobStepInfoRequest asked = (JobStepInfoRequest) request.body();
    ClusterState state = context.snapshots().current();
    if (Asking.isCurrent(asked.lastUpdate(), state.facts().jobsChanged())) {
      return Answer.returnCode(SlurmError.SLURM_NO_CHANGE_IN_DATA);
    }
    StepId step = asked.stepId();
    return StepAnswers.of(
            state,
            Asking.asker(request, state, asked.showFlags(), context.time().now()),
            step.jobId(),
            step.stepId())
        .map(steps -> Answer.of(MessageType.RESPONSE_JOB_STEP_INFO, steps))
        .orElseGet(() -> Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID));
  }

  private Answer end(Request request) {
    JobAllocationInfoRequest asked = (JobAllocationInfoRequest) request.body();
    Job job = context.snapshots().current().jobs().get(asked.jobId()).orElse(null);
    if (job == null) {
      return Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    Instant end = job.endTime();
    return Answer.of(
        MessageType.SRUN_TIMEOUT,
        SrunTimeout.builder()
            .stepId(StepId.builder().sluid(job.databaseIndex()).jobId(job.id()).build())
            .timeout(end == null ? 0 : end.getEpochSecond())
            .build());
  }

  /** The script is read from a file, so that no network thread may wait for it. */
  private CompletionStage<Answer> script(Request request) {
    JobIdMessage asked = (JobIdMessage) request.body();
    ClusterState state = context.snapshots().current();
    Job job = state.jobs().get(asked.jobId()).orElse(null);
    if (job == null) {
      return now(Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID));
    }
    boolean owner = job.request().userId().equals(request.caller().uid());
    if (!owner && !Asking.isSuperUser(request, state)) {
      return now(Answer.returnCode(SlurmError.ESLURM_USER_ID_MISSING));
    }
    if (job.request().script() == null) {
      return now(Answer.returnCode(SlurmError.ESLURM_JOB_SCRIPT_MISSING));
    }
    return CompletableFuture.supplyAsync(() -> read(job))
        .thenApply(
            found ->
                found
                    .map(
                        text ->
                            Answer.of(
                                MessageType.RESPONSE_BATCH_SCRIPT,
                                BatchScript.builder().script(JobText.toScript(text)).build()))
                    .orElseGet(() -> Answer.returnCode(SlurmError.ESLURM_JOB_SCRIPT_MISSING)));
  }

  private Optional<byte[]> read(Job job) {
    try {
      return context.blobs().read(job.request().script());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
