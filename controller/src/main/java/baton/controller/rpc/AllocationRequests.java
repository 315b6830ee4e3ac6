package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.NotifyJob;
import baton.controller.command.SubmitJob;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.query.AllocationAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobAllocationInfoRequest;
import baton.protocol.message.JobDescription;
import baton.protocol.message.JobIdMessage;
import baton.protocol.message.JobNotify;
import baton.protocol.message.MessageType;
import baton.protocol.message.ResourceAllocationList;
import baton.protocol.message.ReturnCode;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What srun and salloc ask of an allocation: to get one, whether it is ready, what it holds. How an
 * allocation starts at once is told in docs/adr/0030.
 */
final class AllocationRequests {
  private static final int NODE_READY = 1;
  private static final int JOB_READY = 2;
  private static final int PROLOG_DONE = 4;

  /** PRIVATE_DATA_JOBS of slurm.h. */
  private static final int PRIVATE_JOBS = 1;

  /** How often a place is looked for, when others are quicker to take it. */
  private static final int ATTEMPTS = 3;

  private final RpcContext context;
  private final SubmitHosts hosts = new SubmitHosts();

  AllocationRequests(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_RESOURCE_ALLOCATION, this::allocate);
    table.on(MessageType.REQUEST_JOB_READY, request -> now(ready(request)));
    table.on(MessageType.REQUEST_JOB_ALLOCATION_INFO, request -> now(described(request, false)));
    table.on(MessageType.REQUEST_HET_JOB_ALLOC_INFO, request -> now(described(request, true)));
    table.on(MessageType.REQUEST_JOB_NOTIFY, this::notifyUser);
  }

  private CompletionStage<Answer> allocate(Request request) {
    JobDescription asked = JobDescriptions.owned((JobDescription) request.body(), request.caller());
    return context
        .identities()
        .of(asked.userId(), asked.groupId())
        .thenCombine(
            hosts.of(request), (identity, host) -> submission(request, asked, identity, host))
        .thenCompose(submission -> attempt(request, submission, ATTEMPTS));
  }

  private SubmitJob submission(
      Request request, JobDescription asked, Optional<Identities.Identity> identity, String host) {
    ClusterState state = context.snapshots().current();
    JobRequest.Builder named =
        JobDescriptions.request(asked, state.config(), request.release().protocolVersion())
            .toBuilder()
            .batch(false)
            .script(null)
            .environment(null)
            .submitHost(host)
            .responseHost(request.peer().getAddress().getHostAddress());
    identity.ifPresent(known -> known.into(named));
    return SubmitJob.builder()
        .time(time())
        .caller(Asking.caller(request, state))
        .request(named.build())
        .immediate(asked.immediate() != 0)
        .build();
  }

  /** Looks for a place and submits; once more if the place was taken meanwhile. */
  private CompletionStage<Answer> attempt(Request request, SubmitJob asked, int attempts) {
    return CompletableFuture.supplyAsync(
            () -> attempts == 0 ? asked : StartNow.with(context.snapshots().current(), asked))
        .thenCompose(context.commands()::submit)
        .thenApply(
            reply ->
                reply instanceof Reply.Outrun
                    ? attempt(request, asked.toBuilder().time(time()).build(), attempts - 1)
                    : now(answer(request, asked, reply)))
        .thenCompose(Function.identity());
  }

  private Answer answer(Request request, SubmitJob asked, Reply reply) {
    ClusterState state = context.snapshots().current();
    if (reply instanceof Reply.JobStarted started) {
      return allocation(state, request, started.job(), null);
    }
    if (reply instanceof Reply.JobAccepted accepted) {
      // it may have started meanwhile: then the grant is on its way to the client's port
      return state
          .jobs()
          .get(accepted.jobId())
          .map(job -> job.toBuilder().allocation(List.of()).build())
          .map(job -> allocation(state, request, job, accepted.note()))
          .orElseGet(() -> Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID));
    }
    return Replies.submitted(reply, asked.request(), state);
  }

  private static Answer allocation(ClusterState state, Request request, Job job, SlurmError note) {
    return Answer.of(
        MessageType.RESPONSE_RESOURCE_ALLOCATION,
        AllocationAnswers.granted(state, job, request.release(), note));
  }

  private Answer ready(Request request) {
    JobIdMessage asked = (JobIdMessage) request.body();
    Job job = context.snapshots().current().jobs().get(asked.jobId()).orElse(null);
    if (job == null) {
      return Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    boolean holds = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
    int bits = JobLifecycle.isConfiguring(job) ? 0 : PROLOG_DONE;
    bits |= holds ? NODE_READY | JOB_READY : 0;
    MessageType type =
        job.reason() == JobReason.PROLOG
            ? MessageType.RESPONSE_PROLOG_EXECUTING
            : MessageType.RESPONSE_JOB_READY;
    return Answer.of(type, ReturnCode.builder().returnCode(bits).build());
  }

  private Answer described(Request request, boolean asList) {
    JobId jobId = ((JobAllocationInfoRequest) request.body()).jobId();
    ClusterState state = context.snapshots().current();
    Job job = state.jobs().get(jobId).orElse(null);
    SlurmError refusal = refusal(request, state, job);
    if (refusal != null) {
      return Answer.returnCode(refusal);
    }
    if (!asList) {
      return Answer.of(
          MessageType.RESPONSE_JOB_ALLOCATION_INFO,
          AllocationAnswers.described(state, job, request.release()));
    }
    return Answer.of(
        MessageType.RESPONSE_HET_JOB_ALLOCATION,
        ResourceAllocationList.builder()
            .allocations(
                HetGroups.of(state, job).stream()
                    .map(
                        component ->
                            AllocationAnswers.described(state, component, request.release()))
                    .toList())
            .build());
  }

  private static SlurmError refusal(Request request, ClusterState state, Job job) {
    if (job == null) {
      return SlurmError.ESLURM_INVALID_JOB_ID;
    }
    boolean hidden = (state.config().privateData() & PRIVATE_JOBS) != 0;
    boolean own = request.caller().uid().equals(job.request().userId());
    if (hidden && !own && !Asking.isSuperUser(request, state)) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if (job.state() == JobState.PENDING) {
      return SlurmError.ESLURM_JOB_PENDING;
    }
    boolean holds = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
    return holds ? null : SlurmError.ESLURM_ALREADY_DONE;
  }

  private CompletionStage<Answer> notifyUser(Request request) {
    JobNotify asked = (JobNotify) request.body();
    NotifyJob command =
        NotifyJob.builder()
            .time(time())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(asked.stepId().jobId())
            .text(asked.message())
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }

  private Instant time() {
    return context.now();
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
