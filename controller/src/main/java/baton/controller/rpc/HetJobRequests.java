package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.SubmitHetJob;
import baton.controller.command.SubmitJob;
import baton.controller.lifecycle.HetGroups;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.query.AllocationAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.JobDescription;
import baton.protocol.message.JobDescriptionList;
import baton.protocol.message.MessageType;
import baton.protocol.message.ResourceAllocationList;
import baton.protocol.message.ResourceAllocationResponse;
import baton.protocol.message.SubmitBatchJobResponse;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.StepId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Submissions of heterogeneous jobs: several descriptions that make one job. */
final class HetJobRequests {
  private final RpcContext context;
  private final SubmitHosts hosts = new SubmitHosts();

  HetJobRequests(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_SUBMIT_BATCH_HET_JOB, request -> submit(request, true));
    table.on(MessageType.REQUEST_HET_JOB_ALLOCATION, request -> submit(request, false));
  }

  private CompletionStage<Answer> submit(Request request, boolean batch) {
    List<JobDescription> asked =
        ((JobDescriptionList) request.body())
            .jobs().stream().map(one -> JobDescriptions.owned(one, request.caller())).toList();
    SlurmError refusal = refusal(asked, batch);
    if (refusal != null) {
      return CompletableFuture.completedStage(Answer.returnCode(refusal));
    }
    JobDescription first = asked.get(0);
    return context
        .identities()
        .of(first.userId(), first.groupId())
        .thenCombine(
            hosts.of(request), (identity, host) -> submit(request, asked, identity, host, batch))
        .thenCompose(Function.identity());
  }

  private static SlurmError refusal(List<JobDescription> asked, boolean batch) {
    if (asked.isEmpty()) {
      return SlurmError.SLURM_ERROR;
    }
    for (JobDescription one : asked) {
      if (!one.userId().equals(asked.get(0).userId())
          || !one.groupId().equals(asked.get(0).groupId())) {
        return SlurmError.ESLURM_USER_ID_MISSING;
      }
      if (!batch && one.immediate() != 0) {
        return SlurmError.ESLURM_CAN_NOT_START_IMMEDIATELY;
      }
    }
    JobDescription first = asked.get(0);
    if (batch && (first.script() == null || first.script().isEmpty())) {
      return SlurmError.ESLURM_JOB_SCRIPT_MISSING;
    }
    return batch && first.environment().isEmpty() ? SlurmError.ESLURM_ENVIRONMENT_MISSING : null;
  }

  private CompletionStage<Answer> submit(
      Request request,
      List<JobDescription> asked,
      Optional<Identities.Identity> identity,
      String host,
      boolean batch) {
    ClusterState state = context.snapshots().current();
    List<SubmitJob> components = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      JobRequest.Builder named =
          JobDescriptions.request(asked.get(i), state.config(), request.release().protocolVersion())
              .toBuilder()
              .batch(batch && i == 0)
              .submitHost(host)
              .excludedNodes(excluded(asked, i));
      identity.ifPresent(known -> known.into(named));
      boolean runs = batch && i == 0;
      if (!runs) {
        named.script(null).environment(null);
      }
      if (!batch) {
        named.responseHost(request.peer().getAddress().getHostAddress());
      }
      if (i > 0) {
        named.mailType(0).mailUser(null);
      }
      components.add(
          SubmitJob.builder()
              .time(context.now())
              .caller(Asking.caller(request, state))
              .request(named.build())
              .script(runs ? JobDescriptions.script(asked.get(i)) : null)
              .environment(runs ? JobDescriptions.environment(asked.get(i)) : null)
              .build());
    }
    SubmitHetJob command =
        SubmitHetJob.builder().time(components.get(0).time()).components(components).build();
    return context
        .commands()
        .submit(command)
        .thenApply(reply -> answer(request, command, reply, batch));
  }

  /** Nodes that one component requires are kept from the others, lest they wait for each other. */
  private static String excluded(List<JobDescription> asked, int index) {
    Set<String> lists = new LinkedHashSet<>();
    add(lists, asked.get(index).excludedNodes());
    for (int i = 0; i < asked.size(); i++) {
      if (i != index) {
        add(lists, asked.get(i).requiredNodes());
      }
    }
    return lists.isEmpty() ? null : String.join(",", lists);
  }

  private static void add(Set<String> lists, String list) {
    if (list != null && !list.isEmpty()) {
      lists.add(list);
    }
  }

  private Answer answer(Request request, SubmitHetJob command, Reply reply, boolean batch) {
    ClusterState state = context.snapshots().current();
    if (!(reply instanceof Reply.JobAccepted accepted)) {
      return Replies.submitted(reply, command.components().get(0).request(), state);
    }
    if (batch) {
      return Answer.of(
          MessageType.RESPONSE_SUBMIT_BATCH_JOB,
          SubmitBatchJobResponse.builder()
              .jobId(accepted.jobId())
              .stepId(StepId.BATCH.value())
              .build());
    }
    Job leader = state.jobs().get(accepted.jobId()).orElse(null);
    if (leader == null) {
      return Answer.returnCode(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    List<ResourceAllocationResponse> waiting =
        HetGroups.of(state, leader).stream()
            .map(job -> job.toBuilder().allocation(List.of()).build())
            .map(job -> AllocationAnswers.granted(state, job, request.release(), null))
            .toList();
    return Answer.of(
        MessageType.RESPONSE_HET_JOB_ALLOCATION,
        ResourceAllocationList.builder().allocations(waiting).build());
  }
}
