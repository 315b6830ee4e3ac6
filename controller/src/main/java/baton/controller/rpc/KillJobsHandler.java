package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.SignalJob;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.protocol.error.SlurmError;
import baton.protocol.message.KillJobs;
import baton.protocol.message.KillJobsResponse;
import baton.protocol.message.KillJobsResult;
import baton.protocol.message.MessageType;
import baton.protocol.message.SelectedStep;
import baton.protocol.message.StepId;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * scancel --ctld: signals every job that is named or that matches, and tells of those that it could
 * not signal, or of all of them if asked to.
 *
 * <p>Source of the behaviour: 23.11-26.05 src/slurmctld/job_mgr.c.
 */
final class KillJobsHandler {
  private static final int VERBOSE = 0x800;
  private static final long ANY_STATE = 12;

  private final RpcContext context;

  KillJobsHandler(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_KILL_JOBS, this::kill);
  }

  private CompletionStage<Answer> kill(Request request) {
    KillJobs asked = (KillJobs) request.body();
    ClusterState state = context.snapshots().current();
    List<CompletableFuture<KillJobsResult>> results = new ArrayList<>();
    if (asked.jobIds().isEmpty()) {
      for (Job job : state.jobs().values()) {
        if (isLive(job) && matches(asked, job)) {
          results.add(signal(request, state, asked, new JobTarget(job.id(), null)));
        }
      }
    }
    for (String text : asked.jobIds()) {
      Optional<JobTarget> target = JobTarget.of(JobId.of(0), text);
      Job job = target.flatMap(named -> state.jobs().get(named.jobId())).orElse(null);
      if (target.isEmpty() || job == null) {
        JobId id = target.map(JobTarget::jobId).orElse(JobId.of(0));
        results.add(
            CompletableFuture.completedFuture(result(id, SlurmError.ESLURM_INVALID_JOB_ID)));
      } else if (matches(asked, job)) {
        results.add(signal(request, state, asked, target.get()));
      }
    }
    boolean verbose = (asked.flags() & VERBOSE) != 0;
    return CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0]))
        .thenApply(done -> answer(results, verbose));
  }

  private static Answer answer(List<CompletableFuture<KillJobsResult>> results, boolean verbose) {
    List<KillJobsResult> told = new ArrayList<>();
    for (CompletableFuture<KillJobsResult> result : results) {
      KillJobsResult outcome = result.join();
      if (verbose || outcome.errorCode() != 0) {
        told.add(outcome);
      }
    }
    return Answer.of(MessageType.RESPONSE_KILL_JOBS, KillJobsResponse.builder().jobs(told).build());
  }

  private CompletableFuture<KillJobsResult> signal(
      Request request, ClusterState state, KillJobs asked, JobTarget target) {
    SignalJob command =
        SignalJob.builder()
            .time(context.time().now().truncatedTo(ChronoUnit.SECONDS))
            .caller(Asking.caller(request, state))
            .jobId(target.jobId())
            .arrayTasks(target.arrayTasks())
            .signal(asked.signal())
            .flags(asked.flags())
            .build();
    return context
        .commands()
        .submit(command)
        .thenApply(reply -> result(target.jobId(), error(reply)))
        .toCompletableFuture();
  }

  private static SlurmError error(Reply reply) {
    return reply instanceof Reply.Rejected rejected ? rejected.error() : SlurmError.SLURM_SUCCESS;
  }

  private static KillJobsResult result(JobId id, SlurmError error) {
    return KillJobsResult.builder()
        .errorCode(error.wireNumber())
        .id(SelectedStep.builder().stepId(StepId.builder().jobId(id).build()).build())
        .realJobId(id)
        .build();
  }

  private static boolean isLive(Job job) {
    return job.state() == JobState.PENDING
        || job.state() == JobState.RUNNING
        || job.state() == JobState.SUSPENDED;
  }

  private static boolean matches(KillJobs asked, Job job) {
    boolean state = asked.state() == ANY_STATE || asked.state() == job.state().value();
    boolean user =
        asked.userId().value() == NoVal.NO_VAL || asked.userId().equals(job.request().userId());
    return state
        && user
        && same(asked.account(), job.request().account())
        && same(asked.jobName(), job.request().name())
        && same(asked.qos(), job.request().qos())
        && same(asked.reservation(), job.request().reservation())
        && same(asked.wckey(), job.request().wckey())
        && same(asked.partition(), job.partition().value())
        && onNodes(asked.nodeList(), job);
  }

  private static boolean same(String asked, String of) {
    return asked == null || asked.isEmpty() || asked.equals(of);
  }

  private static boolean onNodes(String list, Job job) {
    if (list == null || list.isEmpty()) {
      return true;
    }
    try {
      HostList asked = HostList.parse(list);
      return !job.allocation().isEmpty()
          && job.allocation().get(0).nodes().stream()
              .map(NodeAllocation::node)
              .anyMatch(node -> asked.contains(node.value()));
    } catch (HostListException notAList) {
      return false;
    }
  }
}
