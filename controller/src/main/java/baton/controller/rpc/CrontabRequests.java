package baton.controller.rpc;

import baton.controller.apply.Reply;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateCrontab;
import baton.controller.lifecycle.Cron;
import baton.controller.model.ClusterState;
import baton.controller.model.CronSchedule;
import baton.controller.model.Crontab;
import baton.controller.model.JobRequest;
import baton.controller.model.LineRange;
import baton.controller.model.RequestFlag;
import baton.controller.query.CronEntries;
import baton.protocol.error.SlurmError;
import baton.protocol.message.CrontabRequest;
import baton.protocol.message.CrontabResponse;
import baton.protocol.message.CrontabUpdateRequest;
import baton.protocol.message.CrontabUpdateResponse;
import baton.protocol.message.JobDescription;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/** scrontab: a user's table read, replaced, removed. The times in it are those of this host. */
final class CrontabRequests {
  /** Slurm sets no limit but that of a message; a table is kept in the replicated state. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private final RpcContext context;
  private final SubmitHosts hosts = new SubmitHosts();

  CrontabRequests(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_CRONTAB, this::show);
    table.on(MessageType.REQUEST_UPDATE_CRONTAB, this::update);
  }

  private CompletionStage<Answer> show(Request request) {
    ClusterState state = context.snapshots().current();
    CrontabRequest asked = (CrontabRequest) request.body();
    if (!Cron.isEnabled(state.config())) {
      return Replies.refusedNow(SlurmError.SLURM_ERROR);
    }
    boolean own = asked.userId().equals(request.caller().uid());
    if (!own && !Asking.isSuperUser(request, state)) {
      return Replies.refusedNow(SlurmError.ESLURM_USER_ID_MISSING);
    }
    Optional<Crontab> crontab = state.crontabs().get(asked.userId());
    if (crontab.isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_JOB_SCRIPT_MISSING);
    }
    return CompletableFuture.completedStage(
        Answer.of(
            MessageType.RESPONSE_CRONTAB,
            CrontabResponse.builder()
                .crontab(crontab.get().text())
                .disabledLines(
                    crontab.get().disabledLines().stream()
                        .map(CrontabRequests::text)
                        .collect(Collectors.joining(",")))
                .build()));
  }

  private static String lines(JobRequest entry) {
    CronSchedule schedule = entry.cron().get(0);
    return schedule.lineStart() + "-" + schedule.lineEnd();
  }

  private static String text(LineRange lines) {
    return lines.first() + "-" + lines.last();
  }

  private CompletionStage<Answer> update(Request request) {
    ClusterState state = context.snapshots().current();
    CrontabUpdateRequest asked = (CrontabUpdateRequest) request.body();
    if (!Cron.isEnabled(state.config())) {
      return Replies.refusedNow(SlurmError.SLURM_ERROR);
    }
    boolean own =
        asked.userId().equals(request.caller().uid())
            && asked.groupId().equals(request.caller().gid());
    if (!own && !Asking.isSuperUser(request, state)) {
      return refused(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (asked.crontab() != null && asked.crontab().length() > MAX_CHARACTERS) {
      return refused(SlurmError.ESLURM_WRITING_TO_FILE);
    }
    return context
        .identities()
        .of(asked.userId(), asked.groupId())
        .thenCombine(hosts.of(request), (identity, host) -> update(request, asked, identity, host))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Answer> update(
      Request request,
      CrontabUpdateRequest asked,
      Optional<Identities.Identity> identity,
      String host) {
    ClusterState state = context.snapshots().current();
    Instant now = context.now();
    List<SubmitJob> entries = new ArrayList<>();
    // Without a text the table goes, whatever jobs came along.
    for (JobDescription line : asked.crontab() == null ? List.<JobDescription>of() : asked.jobs()) {
      Optional<CronSchedule> schedule = CronEntries.schedule(line.crontabEntry());
      Optional<Instant> begin =
          schedule.filter(Cron::isValid).flatMap(one -> Cron.next(one, now, zone()));
      if (begin.isEmpty()) {
        return refused(SlurmError.SLURM_ERROR);
      }
      entries.add(
          SubmitJob.builder()
              .time(now)
              .caller(Asking.caller(request, state))
              .request(
                  job(request, asked, line, identity)
                      .submitHost(host)
                      .cron(List.of(schedule.get()))
                      .cronSpecification(Cron.specification(schedule.get()))
                      .beginTime(begin.get())
                      .build())
              .script(JobDescriptions.script(line))
              .environment(JobDescriptions.environment(line))
              .build());
    }
    UpdateCrontab command =
        UpdateCrontab.builder()
            .time(now)
            .caller(Asking.caller(request, state))
            .userId(asked.userId())
            .text(asked.crontab())
            .entries(entries)
            .build();
    return context.commands().submit(command).thenApply(reply -> answer(detailed(reply, state)));
  }

  private JobRequest.Builder job(
      Request request,
      CrontabUpdateRequest asked,
      JobDescription line,
      Optional<Identities.Identity> identity) {
    JobDescription theirs =
        line.toBuilder().userId(asked.userId()).groupId(asked.groupId()).build();
    JobRequest.Builder job =
        JobDescriptions.request(
            theirs, context.snapshots().current().config(), request.release().protocolVersion())
            .toBuilder();
    identity.ifPresent(known -> known.into(job));
    return job.bitFlags(theirs.bitFlags() | RequestFlag.CRON_JOB);
  }

  /** Empty unless each set has the size that Slurm gives it. */
  private static ZoneId zone() {
    return ZoneId.systemDefault();
  }

  private static CompletionStage<Answer> refused(SlurmError error) {
    return CompletableFuture.completedStage(answer(new Reply.CrontabRejected(error, null, null)));
  }

  private static Reply detailed(Reply reply, ClusterState state) {
    if (!(reply instanceof Reply.CrontabRejected rejected) || rejected.entry() == null) {
      return reply;
    }
    String text =
        Replies.detail(rejected.error(), rejected.text(), rejected.entry().request(), state);
    return new Reply.CrontabRejected(rejected.error(), text, rejected.entry());
  }

  private static Answer answer(Reply reply) {
    CrontabUpdateResponse.Builder answer = CrontabUpdateResponse.builder();
    if (reply instanceof Reply.CrontabRejected rejected) {
      answer
          .returnCode(rejected.error().wireNumber())
          .errorMessage(rejected.text())
          .failedLines(rejected.entry() == null ? null : lines(rejected.entry().request()));
    } else {
      // slurmctld tells the last one first
      List<JobId> jobs = new ArrayList<>(((Reply.CrontabAccepted) reply).jobs());
      Collections.reverse(jobs);
      answer.jobIds(Longs.of(jobs.stream().mapToLong(JobId::value).toArray()));
    }
    return Answer.of(MessageType.RESPONSE_UPDATE_CRONTAB, answer.build());
  }
}
