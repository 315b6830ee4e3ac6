package baton.controller.rpc;

import baton.controller.command.JobAllocationCompleted;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateJob;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobRequest;
import baton.protocol.error.SlurmError;
import baton.protocol.message.CompleteJobAllocation;
import baton.protocol.message.JobDescription;
import baton.protocol.message.JobRequeue;
import baton.protocol.message.JobStepKill;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Messages that make, change or end jobs. Who may do what is judged where the command applies. */
final class JobWrites {
  private final RpcContext context;
  private final SubmitHosts hosts = new SubmitHosts();

  JobWrites(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_SUBMIT_BATCH_JOB, this::submit);
    table.on(MessageType.REQUEST_KILL_JOB, this::kill);
    table.on(MessageType.REQUEST_CANCEL_JOB_STEP, this::kill);
    table.on(MessageType.REQUEST_UPDATE_JOB, this::update);
    table.on(MessageType.REQUEST_JOB_REQUEUE, this::requeue);
    table.on(MessageType.REQUEST_COMPLETE_JOB_ALLOCATION, this::complete);
  }

  private CompletionStage<Answer> submit(Request request) {
    JobDescription asked = JobDescriptions.owned((JobDescription) request.body(), request.caller());
    if (asked.script() == null || asked.script().isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_JOB_SCRIPT_MISSING);
    }
    if (asked.environment().isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_ENVIRONMENT_MISSING);
    }
    return context
        .identities()
        .of(asked.userId(), asked.groupId())
        .thenCombine(hosts.of(request), (identity, host) -> submit(request, asked, identity, host))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Answer> submit(
      Request request, JobDescription asked, Optional<Identities.Identity> identity, String host) {
    ClusterState state = context.snapshots().current();
    JobRequest.Builder named =
        JobDescriptions.request(asked, state.config(), request.release().protocolVersion())
            .toBuilder()
            .submitHost(host);
    identity.ifPresent(known -> known.into(named));
    JobRequest job = named.build();
    SubmitJob command =
        SubmitJob.builder()
            .time(context.now())
            .caller(Asking.caller(request, state))
            .request(job)
            .script(JobDescriptions.script(asked))
            .environment(JobDescriptions.environment(asked))
            .build();
    return context
        .commands()
        .submit(command)
        .thenApply(reply -> Replies.submitted(reply, job, state));
  }

  private CompletionStage<Answer> kill(Request request) {
    JobStepKill asked = (JobStepKill) request.body();
    Optional<JobTarget> target =
        JobTarget.of(context.snapshots().current(), asked.stepId().jobId(), asked.jobIdString());
    if (target.isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    SignalJob command =
        SignalJob.builder()
            .time(context.now())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(target.get().jobId())
            .arrayTasks(target.get().arrayTasks())
            .alone(isNumber(asked.jobIdString()))
            .stepId(asked.stepId().stepId())
            .signal(asked.signal())
            .flags(asked.flags())
            .sibling(asked.sibling())
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }

  private CompletionStage<Answer> update(Request request) {
    JobDescription asked = (JobDescription) request.body();
    Optional<JobTarget> target =
        JobTarget.of(context.snapshots().current(), asked.jobId(), asked.jobIdString());
    if (target.isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    UpdateJob command =
        UpdateJob.builder()
            .time(context.now())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(target.get().jobId())
            .arrayTasks(target.get().arrayTasks())
            .alone(isNumber(asked.jobIdString()) || isComponent(asked.jobIdString()))
            .changes(JobChangeRequests.of(asked, context.snapshots().current().config()))
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }

  private CompletionStage<Answer> requeue(Request request) {
    JobRequeue asked = (JobRequeue) request.body();
    Optional<JobTarget> target = JobTarget.of(asked.jobId(), asked.jobIdString());
    if (target.isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    ClusterState state = context.snapshots().current();
    Job job = state.jobs().get(target.get().jobId()).orElse(null);
    boolean launchFailed =
        (asked.flags() & JobFlag.LAUNCH_FAILED) != 0 && Asking.isSuperUser(request, state);
    if (launchFailed && job != null && job.restartCount() > 0) {
      // it may be late and about an attempt that was given up: the running one must not die of it
      context.administration().doubtLaunch(job);
      return CompletableFuture.completedStage(Answer.success());
    }
    RequeueJob command =
        RequeueJob.builder()
            .time(context.now())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(target.get().jobId())
            .arrayTasks(target.get().arrayTasks())
            .alone(isNumber(asked.jobIdString()))
            .flags(asked.flags())
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }

  /** A job that is named by number alone is that record, not the array that it may stand for. */
  private static boolean isNumber(String text) {
    return text == null || text.isEmpty();
  }

  /** {@code 12+0} is the leader of a heterogeneous job without the others. */
  private static boolean isComponent(String text) {
    return text.indexOf('+') >= 0;
  }

  private CompletionStage<Answer> complete(Request request) {
    CompleteJobAllocation asked = (CompleteJobAllocation) request.body();
    JobAllocationCompleted command =
        JobAllocationCompleted.builder()
            .time(context.now())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(asked.jobId())
            .waitStatus(asked.jobReturnCode())
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }
}
