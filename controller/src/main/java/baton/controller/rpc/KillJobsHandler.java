package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.SignalJob;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.protocol.error.SlurmError;
import baton.protocol.message.KillJobs;
import baton.protocol.message.KillJobsResponse;
import baton.protocol.message.KillJobsResult;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** The answer carries the text that scancel prints. */
  private static final Map<SlurmError, String> TEXTS =
      Map.of(
          SlurmError.ESLURM_INVALID_JOB_ID, "Invalid job id specified",
          SlurmError.ESLURM_ALREADY_DONE, "Job/step already completing or completed",
          SlurmError.ESLURM_ACCESS_DENIED, "Access/permission denied",
          SlurmError.ESLURM_JOB_SCRIPT_MISSING, "Job script not specified",
          SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE,
              "Job can not be altered now, try again later",
          SlurmError.ESLURM_JOB_SIGNAL_FAILED, "Cannot signal job");

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
          results.add(signal(request, state, asked, KillTargets.of(job)));
        }
      }
    }
    for (String text : asked.jobIds()) {
      JobTarget named = JobTarget.of(JobId.of(0), text).orElse(new JobTarget(JobId.of(0), null));
      for (KillTargets.Target target : KillTargets.of(state, named)) {
        SlurmError unfit = unfit(asked, target.job());
        if (unfit == null) {
          results.add(signal(request, state, asked, target));
        } else {
          boolean other = unfit == SlurmError.ESLURM_JOB_SIGNAL_FAILED;
          String why = other ? mismatch(asked, target.job()) + ": " : "";
          results.add(CompletableFuture.completedFuture(result(target, unfit, why)));
        }
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

  /** Why a record that was named is left alone; null if it is signalled. */
  private static SlurmError unfit(KillJobs asked, Job job) {
    if (job == null) {
      return SlurmError.ESLURM_INVALID_JOB_ID;
    }
    if (!isLive(job)) {
      return SlurmError.ESLURM_ALREADY_DONE;
    }
    return matches(asked, job) ? null : SlurmError.ESLURM_JOB_SIGNAL_FAILED;
  }

  private CompletableFuture<KillJobsResult> signal(
      Request request, ClusterState state, KillJobs asked, KillTargets.Target target) {
    SignalJob command =
        SignalJob.builder()
            .time(context.now())
            .caller(Asking.caller(request, state))
            .jobId(target.job().id())
            .arrayTasks(target.tasks())
            .alone(target.tasks() == null)
            .signal(asked.signal())
            .flags(asked.flags())
            .build();
    return context
        .commands()
        .submit(command)
        .thenApply(reply -> result(target, error(reply), ""))
        .toCompletableFuture();
  }

  private static SlurmError error(Reply reply) {
    if (reply instanceof Reply.Rejected rejected) {
      return rejected.error();
    }
    boolean noted = reply instanceof Reply.Accepted accepted && accepted.note() != null;
    return noted ? ((Reply.Accepted) reply).note() : SlurmError.SLURM_SUCCESS;
  }

  private static KillJobsResult result(KillTargets.Target target, SlurmError error, String why) {
    return KillJobsResult.builder()
        .errorCode(error.wireNumber())
        .errorMessage(TEXTS.containsKey(error) ? why + TEXTS.get(error) : null)
        .id(target.named())
        .realJobId(target.job() == null ? JobId.of(NoVal.NO_VAL) : target.job().id())
        .build();
  }

  private static boolean isLive(Job job) {
    return job.state() == JobState.PENDING
        || job.state() == JobState.RUNNING
        || job.state() == JobState.SUSPENDED;
  }

  private static boolean matches(KillJobs asked, Job job) {
    return mismatch(asked, job) == null;
  }

  /** What of a job is not as asked, in slurmctld's words; null if all is. */
  private static String mismatch(KillJobs asked, Job job) {
    JobRequest request = job.request();
    if (!same(asked.account(), request.account())) {
      return differs("account", request.account(), asked.account());
    }
    if (!same(asked.jobName(), request.name())) {
      return differs("name", request.name(), asked.jobName());
    }
    if (!same(asked.partition(), job.partition().value())) {
      return lacks("partition", job.partition().value(), asked.partition());
    }
    if (!same(asked.qos(), request.qos())) {
      return differs("qos", request.qos(), asked.qos());
    }
    if (!same(asked.reservation(), request.reservation())) {
      return lacks("reservation", request.reservation(), asked.reservation());
    }
    if (asked.state() != ANY_STATE && asked.state() != job.state().value()) {
      return differs("state", job.state().name(), stateName(asked.state()));
    }
    if (asked.userName() != null && !asked.userId().equals(request.userId())) {
      return differs("user id", request.userId().toString(), asked.userId().toString());
    }
    if (!onNodes(asked.nodeList(), job)) {
      return job.allocation().isEmpty()
          ? "Job does not have nodes but filter has nodes " + asked.nodeList()
          : "Job nodes do not intersect with filter nodes " + asked.nodeList();
    }
    return same(asked.wckey(), request.wckey())
        ? null
        : differs("wckey", request.wckey(), asked.wckey());
  }

  private static String differs(String what, String has, String asked) {
    return "Job "
        + what
        + " "
        + (has == null ? "(null)" : has)
        + " != filter "
        + what
        + " "
        + asked;
  }

  private static String lacks(String what, String has, String asked) {
    String of = has == null ? "(null)" : has;
    return "Job " + what + " " + of + " does not include filter " + what + " " + asked;
  }

  private static String stateName(long state) {
    for (JobState known : JobState.values()) {
      if (known.value() == state) {
        return known.name();
      }
    }
    return "?";
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
