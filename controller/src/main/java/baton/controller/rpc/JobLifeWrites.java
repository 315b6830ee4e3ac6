package baton.controller.rpc;

import baton.controller.command.SuspendJob;
import baton.controller.command.TopJobs;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.message.TopJob;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** scontrol suspend, resume and top. Any thread. */
final class JobLifeWrites {
  private static final int SUSPEND = 0;
  private static final int RESUME = 1;
  private static final Pattern ONE_JOB = Pattern.compile("[1-9][0-9]{0,8}(_[0-9]{1,8})?");

  private final RpcContext context;

  JobLifeWrites(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_SUSPEND, this::suspend);
    table.on(MessageType.REQUEST_TOP_JOB, this::top);
  }

  private CompletionStage<Answer> suspend(Request request) {
    baton.protocol.message.SuspendJob asked = (baton.protocol.message.SuspendJob) request.body();
    Optional<JobTarget> target = JobTarget.of(asked.jobId(), asked.jobIdString());
    if (target.isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    if (asked.operation() != SUSPEND && asked.operation() != RESUME) {
      return Replies.refusedNow(SlurmError.SLURM_SUCCESS);
    }
    SuspendJob command =
        SuspendJob.builder()
            .time(context.now())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobId(target.get().jobId())
            .arrayTasks(target.get().arrayTasks())
            .resume(asked.operation() == RESUME)
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }

  private CompletionStage<Answer> top(Request request) {
    TopJob asked = (TopJob) request.body();
    List<String> jobs = new ArrayList<>();
    String text = asked.jobIdString() == null ? "" : asked.jobIdString();
    for (String part : text.split(",", -1)) {
      String job = part.endsWith("_*") ? part.substring(0, part.length() - 2) : part;
      if (!job.isEmpty()) {
        // What is no id stands as an empty one, since who may not ask at all is told that first.
        jobs.add(ONE_JOB.matcher(job).matches() ? job : "");
      }
    }
    TopJobs command =
        TopJobs.builder()
            .time(context.now())
            .caller(Asking.caller(request, context.snapshots().current()))
            .jobs(jobs)
            .build();
    return context.commands().submit(command).thenApply(Replies::done);
  }
}
