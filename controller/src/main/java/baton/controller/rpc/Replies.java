package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.model.ClusterState;
import baton.controller.model.JobRequest;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobArrayError;
import baton.protocol.message.JobArrayErrors;
import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnCodeMessage;
import baton.protocol.message.SubmitBatchJobResponse;
import baton.protocol.net.Answer;
import baton.protocol.type.StepId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What a command came to, as a client is told. */
final class Replies {
  private Replies() {}

  /** A request that is refused before it becomes a command. */
  static CompletionStage<Answer> refusedNow(SlurmError error) {
    return CompletableFuture.completedStage(Answer.returnCode(error));
  }

  /** Success, an error, or the outcome for each group of an array's tasks. */
  static Answer done(Reply reply) {
    if (reply instanceof Reply.Rejected rejected) {
      return refused(rejected);
    }
    if (reply instanceof Reply.JobFailed failed) {
      return refused(new Reply.Rejected(failed.error(), failed.text()));
    }
    if (reply instanceof Reply.Accepted accepted) {
      return Answer.returnCode(orSuccess(accepted.note()));
    }
    if (reply instanceof Reply.JobAccepted accepted) {
      return Answer.returnCode(orSuccess(accepted.note()));
    }
    if (reply instanceof Reply.StepCreated) {
      return Answer.success();
    }
    return byTask((Reply.ByTask) reply);
  }

  /** The answer to a submission; an unknown partition is named. */
  static Answer submitted(Reply reply, JobRequest asked, ClusterState state) {
    if (reply instanceof Reply.Rejected rejected) {
      String text = detail(rejected.error(), rejected.text(), asked, state);
      return refused(new Reply.Rejected(rejected.error(), text));
    }
    if (reply instanceof Reply.JobAccepted accepted) {
      return Answer.of(
          MessageType.RESPONSE_SUBMIT_BATCH_JOB,
          SubmitBatchJobResponse.builder()
              .jobId(accepted.jobId())
              .stepId(StepId.BATCH.value())
              .errorCode(orSuccess(accepted.note()).wireNumber())
              .build());
    }
    return done(reply);
  }

  /** The text to the refusal of a submission; null for none. */
  static String detail(SlurmError error, String text, JobRequest asked, ClusterState state) {
    if (text != null || error != SlurmError.ESLURM_INVALID_PARTITION_NAME) {
      return text;
    }
    return "invalid partition specified: "
        + asked.partitions().stream()
            .filter(name -> state.partitions().get(name).isEmpty())
            .map(PartitionName::value)
            .collect(Collectors.joining(","));
  }

  private static Answer refused(Reply.Rejected rejected) {
    if (rejected.text() == null) {
      return Answer.returnCode(rejected.error());
    }
    return Answer.of(
        MessageType.RESPONSE_SLURM_RC_MSG,
        ReturnCodeMessage.builder()
            .returnCode(rejected.error().wireNumber())
            .errorMessage(rejected.text())
            .build());
  }

  private static Answer byTask(Reply.ByTask reply) {
    List<JobArrayError> results = new ArrayList<>();
    for (Reply.TaskOutcome outcome : reply.outcomes()) {
      results.add(
          JobArrayError.builder()
              .jobIdString(outcome.tasks())
              .errorCode(orSuccess(outcome.error()).wireNumber())
              .build());
    }
    return Answer.of(
        MessageType.RESPONSE_JOB_ARRAY_ERRORS, JobArrayErrors.builder().results(results).build());
  }

  private static SlurmError orSuccess(SlurmError note) {
    return note == null ? SlurmError.SLURM_SUCCESS : note;
  }
}
