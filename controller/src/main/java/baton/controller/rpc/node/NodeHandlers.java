package baton.controller.rpc.node;

import baton.controller.apply.Reply;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.Caller;
import baton.controller.command.Command;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.NodeRegistered;
import baton.controller.command.PrologCompleted;
import baton.controller.command.StepCompleted;
import baton.controller.journal.ClusterLog;
import baton.controller.model.NodeName;
import baton.controller.replication.Submission;
import baton.controller.rpc.HandlerTable;
import baton.protocol.error.SlurmError;
import baton.protocol.message.CompleteBatchScript;
import baton.protocol.message.CompleteProlog;
import baton.protocol.message.EpilogComplete;
import baton.protocol.message.MessageType;
import baton.protocol.message.NodeRegistrationStatus;
import baton.protocol.message.StepComplete;
import baton.protocol.message.StepId;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers slurmd and slurmstepd, once what they say is committed. When it cannot be committed they
 * get no answer, and say it again: any return code would be the last word for them.
 */
public final class NodeHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHandlers.class);
  private static final int WANTS_TRES = 1 << 1;

  private final ClusterLog log;
  private final Uid slurmdUser;
  private final Supplier<Duration> patience;

  /**
   * @param slurmdUser SlurmdUser, who may speak for nodes as root and SlurmUser may
   * @param patience how long what a node says may wait for a leader
   */
  public NodeHandlers(ClusterLog log, Uid slurmdUser, Supplier<Duration> patience) {
    this.log = log;
    this.slurmdUser = slurmdUser;
    this.patience = patience;
  }

  /** Adds them to the table. */
  public void register(HandlerTable.Builder table) {
    table
        .on(MessageType.MESSAGE_NODE_REGISTRATION_STATUS, this::registration)
        .on(MessageType.REQUEST_COMPLETE_BATCH_SCRIPT, this::batchScriptCompleted)
        .on(MessageType.REQUEST_COMPLETE_PROLOG, this::prologCompleted)
        .on(MessageType.MESSAGE_EPILOG_COMPLETE, this::epilogCompleted)
        .on(MessageType.REQUEST_STEP_COMPLETE, this::stepCompleted);
  }

  private CompletionStage<Answer> registration(Request request) {
    NodeRegistrationStatus said = (NodeRegistrationStatus) request.body();
    if (!mayActForNodes(request)) {
      return refused(request);
    }
    if (isEmpty(said.nodeName())) {
      return answer(Answer.returnCode(SlurmError.EINVAL));
    }
    NodeRegistered command =
        NodeRegistered.builder()
            .time(log.now())
            .registration(Registrations.of(said, request.release(), log.now()))
            .address(request.peer().getAddress().getHostAddress())
            .build();
    return submit(
        command,
        reply -> {
          if (reply instanceof Reply.Rejected) {
            LOG.warn("node {} registers, and is not in slurm.conf", said.nodeName());
          }
          return (said.flags() & WANTS_TRES) == 0
              ? Answer.success()
              : Answer.of(MessageType.RESPONSE_NODE_REGISTRATION, Registrations.tres(log.state()));
        });
  }

  private CompletionStage<Answer> batchScriptCompleted(Request request) {
    CompleteBatchScript said = (CompleteBatchScript) request.body();
    if (!mayActForNodes(request)) {
      return refused(request);
    }
    if (isEmpty(said.nodeName())) {
      return answer(Answer.returnCode(SlurmError.EINVAL));
    }
    JobId jobId = jobId(said.jobId(), said.stepId());
    LOG.info(
        "job {}: its script ended on {} with {} (slurm {})",
        jobId,
        said.nodeName(),
        said.jobReturnCode(),
        said.slurmReturnCode());
    BatchScriptCompleted command =
        BatchScriptCompleted.builder()
            .time(log.now())
            .jobId(jobId)
            .node(NodeName.of(said.nodeName()))
            .waitStatus(said.jobReturnCode())
            .slurmReturnCode(said.slurmReturnCode())
            .caller(trusted(request))
            .userId(said.userId())
            .build();
    return submit(command, NodeHandlers::returnCode);
  }

  private CompletionStage<Answer> prologCompleted(Request request) {
    CompleteProlog said = (CompleteProlog) request.body();
    if (!mayActForNodes(request)) {
      return refused(request);
    }
    if (isEmpty(said.nodeName())) {
      return answer(Answer.returnCode(SlurmError.EINVAL));
    }
    PrologCompleted command =
        PrologCompleted.builder()
            .time(log.now())
            .jobId(jobId(said.jobId(), said.stepId()))
            .node(NodeName.of(said.nodeName()))
            .returnCode(said.prologReturnCode())
            .build();
    return submit(command, NodeHandlers::returnCode);
  }

  /** Told once and never again; up to 23.11 nobody waits for an answer. */
  private CompletionStage<Answer> epilogCompleted(Request request) {
    EpilogComplete said = (EpilogComplete) request.body();
    if (!mayActForNodes(request)) {
      return refused(request);
    }
    if (isEmpty(said.nodeName())) {
      return answer(Answer.returnCode(SlurmError.EINVAL));
    }
    EpilogCompleted command =
        EpilogCompleted.builder()
            .time(log.now())
            .jobId(jobId(said.jobId(), said.stepId()))
            .node(NodeName.of(said.nodeName()))
            .returnCode(said.returnCode())
            .build();
    boolean awaited = request.release().atLeast(Release.V24_05);
    return submit(command, reply -> awaited ? Answer.success() : Answer.none());
  }

  private CompletionStage<Answer> stepCompleted(Request request) {
    StepComplete said = (StepComplete) request.body();
    JobId jobId = said.stepId().jobId();
    boolean owner =
        log.state()
            .jobs()
            .get(jobId)
            .filter(job -> job.request().userId().equals(request.caller().uid()))
            .isPresent();
    if (!owner && !mayActForNodes(request)) {
      return refused(request);
    }
    StepCompleted command =
        StepCompleted.builder()
            .time(log.now())
            .jobId(jobId)
            .stepId(said.stepId().stepId())
            .hetComponent(said.stepId().stepHetComponent())
            .firstNode(said.firstNode())
            .lastNode(said.lastNode())
            .waitStatus(said.stepReturnCode())
            .build();
    return submit(command, NodeHandlers::returnCode);
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  /** From 25.11 on a job is named by a step id, before by its number alone. */
  private static JobId jobId(JobId plain, StepId stepId) {
    return stepId != null && stepId.jobId().value() != NoVal.NO_VAL ? stepId.jobId() : plain;
  }

  /** The sender, whom {@link #mayActForNodes} let through. */
  private static Caller trusted(Request request) {
    return Caller.builder()
        .uid(request.caller().uid())
        .gid(request.caller().gid())
        .operator(true)
        .superUser(true)
        .build();
  }

  private boolean mayActForNodes(Request request) {
    Uid uid = request.caller().uid();
    return uid.equals(Uid.ROOT)
        || uid.equals(slurmdUser)
        || uid.equals(log.state().config().slurmUserUid());
  }

  private static CompletionStage<Answer> refused(Request request) {
    LOG.warn("{} of uid {} is refused", request.type(), request.caller().uid());
    return answer(Answer.returnCode(SlurmError.ESLURM_USER_ID_MISSING));
  }

  private CompletionStage<Answer> submit(Command command, Function<Reply, Answer> answer) {
    return log.propose(command, patience.get())
        .thenApply(
            submission ->
                submission instanceof Submission.Committed<Reply> committed
                    ? answer.apply(committed.reply())
                    : Answer.none());
  }

  private static Answer returnCode(Reply reply) {
    if (reply instanceof Reply.Rejected rejected) {
      return Answer.returnCode(rejected.error());
    }
    return reply instanceof Reply.Accepted accepted && accepted.note() != null
        ? Answer.returnCode(accepted.note())
        : Answer.success();
  }

  private static CompletionStage<Answer> answer(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}
