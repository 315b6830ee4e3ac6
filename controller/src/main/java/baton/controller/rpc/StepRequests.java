package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.CreateStep;
import baton.controller.command.StepCompleted;
import baton.controller.command.UpdateStep;
import baton.controller.dispatch.NodeTargets;
import baton.controller.dispatch.StepCredentials;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Step;
import baton.controller.query.AllocationAnswers;
import baton.controller.query.StepAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobCredential;
import baton.protocol.message.JobStepCreateRequest;
import baton.protocol.message.JobStepCreateResponse;
import baton.protocol.message.MessageType;
import baton.protocol.message.SbcastCredentialResponse;
import baton.protocol.message.SelectedStep;
import baton.protocol.message.StepId;
import baton.protocol.message.UpdateJobStep;
import baton.protocol.net.Answer;
import baton.protocol.net.Message;
import baton.protocol.net.Request;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What srun, sattach, sbcast and scontrol ask about steps. */
public final class StepRequests {
  private static final int PRIVATE_JOBS = 0x1;

  private final RpcContext context;
  private final StepCredentials credentials;

  public StepRequests(RpcContext context, StepCredentials credentials) {
    this.context = context;
    this.credentials = credentials;
  }

  /** Adds them to the table. */
  public void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_JOB_STEP_CREATE, this::create);
    table.on(MessageType.REQUEST_UPDATE_JOB_STEP, this::update);
    table.on(MessageType.REQUEST_STEP_LAYOUT, request -> now(layout(request)));
    table.on(MessageType.REQUEST_JOB_SBCAST_CRED, this::broadcast);
  }

  private CompletionStage<Answer> create(Request request) {
    JobStepCreateRequest asked = (JobStepCreateRequest) request.body();
    ClusterState state = context.snapshots().current();
    CreateStep command =
        CreateStep.builder()
            .time(time())
            .caller(Asking.caller(request, state))
            .jobId(jobId(state, asked.stepId().jobId(), asked.arrayTaskId()))
            .request(StepDescriptions.request(asked, request.caller().uid()))
            .protocolVersion(request.release().protocolVersion())
            .build();
    return context
        .commands()
        .submit(command)
        .thenApply(
            reply ->
                reply instanceof Reply.StepCreated made
                    ? created(request, made.step())
                    : now(Replies.done(reply)))
        .thenCompose(Function.identity());
  }

  /** A task of an array may be named by its number in the array. */
  private static JobId jobId(ClusterState state, JobId asked, long arrayTaskId) {
    if (arrayTaskId == NoVal.NO_VAL) {
      return asked;
    }
    return state.jobs().values().stream()
        .filter(job -> asked.equals(job.arrayJobId()) && job.arrayTaskId() == arrayTaskId)
        .map(Job::id)
        .findFirst()
        .orElse(asked);
  }

  /** The answer is in the release in which the step's nodes are spoken to, as slurmctld's is. */
  private CompletionStage<Answer> created(Request request, Step step) {
    ClusterState state = context.snapshots().current();
    Job job = state.jobs().get(step.jobId()).orElse(null);
    if (job == null || job.allocation().isEmpty()) {
      return now(Answer.returnCode(SlurmError.ESLURM_ALREADY_DONE));
    }
    Release release = Release.of(step.protocolVersion()).orElse(request.release());
    if (!isUnderstood(state, request, step, release)) {
      CompletionStage<Reply> unused = context.commands().submit(gone(step));
      return now(Answer.returnCode(SlurmError.SLURM_PROTOCOL_VERSION_ERROR));
    }
    return credentials
        .ofStep(state, job, step, release)
        .thenApply(
            credential -> {
              if (credential.isEmpty()) {
                CompletionStage<Reply> unused = context.commands().submit(gone(step));
                return Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_CREDENTIAL);
              }
              return Answer.of(
                      new Message(
                          MessageType.RESPONSE_JOB_STEP_CREATE,
                          response(state, job, step, credential.get())))
                  .in(release);
            });
  }

  /** srun and slurmd talk to each other: too far apart, they would only fail without a word. */
  private static boolean isUnderstood(
      ClusterState state, Request request, Step step, Release release) {
    return AllocationAnswers.knows(request.release(), release)
        && step.shares().stream()
            .allMatch(
                share ->
                    AllocationAnswers.knows(NodeTargets.release(state, share.node()), release));
  }

  private static JobStepCreateResponse response(
      ClusterState state, Job job, Step step, JobCredential credential) {
    return JobStepCreateResponse.builder()
        .defaultCpuBindType(StepAnswers.defaultCpuBind(state, job))
        .jobId(step.jobId())
        .stepNumber(step.stepId())
        .stepId(
            StepId.builder()
                .sluid(job.databaseIndex())
                .jobId(step.jobId())
                .stepId(step.stepId())
                .stepHetComponent(step.hetComponent())
                .build())
        .layout(StepAnswers.layout(step))
        .reservedPorts(step.reservedPorts())
        .credential(credential)
        .selectPluginId(StepAnswers.CONS_TRES)
        .protocolVersion(step.protocolVersion())
        .state(step.state().value())
        .build();
  }

  /** A step that nobody can launch is over. */
  private StepCompleted gone(Step step) {
    return StepCompleted.builder()
        .time(time())
        .jobId(step.jobId())
        .stepId(step.stepId())
        .hetComponent(step.hetComponent())
        .lastNode(step.shares().size() - 1L)
        .build();
  }

  private CompletionStage<Answer> update(Request request) {
    UpdateJobStep asked = (UpdateJobStep) request.body();
    UpdateStep command =
        UpdateStep.builder()
            .time(time())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(asked.jobId())
            .stepId(asked.stepId())
            .timeLimitMinutes(asked.timeLimit())
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }

  private Answer layout(Request request) {
    StepId asked = (StepId) request.body();
    ClusterState state = context.snapshots().current();
    Job job = state.jobs().get(asked.jobId()).orElse(null);
    SlurmError refusal = refusal(request, state, job);
    if (refusal != null) {
      return Answer.returnCode(refusal);
    }
    return StepAnswers.layout(state, job, asked.stepId(), asked.stepHetComponent())
        .map(layout -> Answer.of(MessageType.RESPONSE_STEP_LAYOUT, layout))
        .orElseGet(() -> Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID));
  }

  private static SlurmError refusal(Request request, ClusterState state, Job job) {
    if (job == null) {
      return SlurmError.ESLURM_INVALID_JOB_ID;
    }
    boolean hidden = (state.config().privateData() & PRIVATE_JOBS) != 0;
    if (hidden && !isOwner(request, state, job)) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if (job.state() == JobState.PENDING) {
      return SlurmError.ESLURM_JOB_PENDING;
    }
    boolean holds = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
    return holds ? null : SlurmError.ESLURM_ALREADY_DONE;
  }

  private static boolean isOwner(Request request, ClusterState state, Job job) {
    return job.request().userId().equals(request.caller().uid())
        || Asking.isSuperUser(request, state);
  }

  private CompletionStage<Answer> broadcast(Request request) {
    StepId asked = ((SelectedStep) request.body()).stepId();
    ClusterState state = context.snapshots().current();
    Job job = state.jobs().get(asked.jobId()).orElse(null);
    SlurmError refusal =
        job != null && !isOwner(request, state, job)
            ? SlurmError.ESLURM_USER_ID_MISSING
            : refusal(request, state, job);
    boolean step = asked.stepId() != NoVal.NO_VAL;
    Optional<String> nodes =
        refusal != null
            ? Optional.empty()
            : StepAnswers.nodes(state, job, asked.stepId(), asked.stepHetComponent());
    if (refusal == null && nodes.isEmpty()) {
      refusal = SlurmError.ESLURM_INVALID_JOB_ID;
    }
    if (refusal != null) {
      return now(Answer.returnCode(refusal));
    }
    return credentials
        .ofBroadcast(
            job, step ? asked.stepId() : job.nextStepId(), nodes.get(), time(), request.release())
        .thenApply(
            made ->
                made.map(
                        credential ->
                            Answer.of(
                                MessageType.RESPONSE_JOB_SBCAST_CRED,
                                SbcastCredentialResponse.builder()
                                    .jobId(job.id())
                                    .nodeList(nodes.get())
                                    .credential(credential)
                                    .build()))
                    .orElseGet(() -> Answer.returnCode(SlurmError.SLURM_ERROR)));
  }

  private Instant time() {
    return context.now();
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
