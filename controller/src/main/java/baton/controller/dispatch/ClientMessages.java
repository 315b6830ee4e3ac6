package baton.controller.dispatch;

import baton.controller.lifecycle.HetGroups;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.Job;
import baton.controller.query.AllocationAnswers;
import baton.protocol.message.JobStepKill;
import baton.protocol.message.MessageType;
import baton.protocol.message.ResourceAllocationList;
import baton.protocol.message.ResourceAllocationResponse;
import baton.protocol.message.SrunNodeFail;
import baton.protocol.message.SrunStepMissing;
import baton.protocol.message.SrunTimeout;
import baton.protocol.message.SrunUserMessage;
import baton.protocol.message.StepId;
import baton.protocol.message.SuspendJob;
import baton.protocol.net.Message;
import baton.protocol.type.Release;
import java.util.List;

/**
 * The messages to waiting sruns and sallocs. Source: srun_comm.c of slurmctld, 22.05 to 26.05;
 * recorded messages.
 */
final class ClientMessages {
  private static final int SUSPEND = 0;
  private static final int RESUME = 1;

  private ClientMessages() {}

  /**
   * What pays a debt.
   *
   * @param job the job as it stands; null if it is forgotten, which no grant is sent for
   */
  static Message of(ClusterState state, Effect effect, Job job, Release release) {
    return switch (effect.kind()) {
      case GRANT_ALLOCATION -> grant(state, job, release);
      case CLIENT_JOB_COMPLETE -> new Message(MessageType.SRUN_JOB_COMPLETE, step(effect, job));
      case CLIENT_TIMEOUT ->
          new Message(
              MessageType.SRUN_TIMEOUT,
              SrunTimeout.builder()
                  .stepId(step(effect, job))
                  .timeout(Credentials.seconds(effect.end()))
                  .build());
      case CLIENT_NODE_FAIL ->
          new Message(
              MessageType.SRUN_NODE_FAIL,
              SrunNodeFail.builder().stepId(step(effect, job)).nodeList(effect.text()).build());
      case CLIENT_MESSAGE ->
          new Message(
              MessageType.SRUN_USER_MSG,
              SrunUserMessage.builder()
                  .jobId(effect.jobId())
                  .stepId(step(effect, job))
                  .message(effect.text())
                  .build());
      case CLIENT_SUSPEND -> suspend(effect, job, SUSPEND);
      case CLIENT_RESUME -> suspend(effect, job, RESUME);
      case CLIENT_STEP_MISSING ->
          new Message(
              MessageType.SRUN_STEP_MISSING,
              SrunStepMissing.builder().stepId(step(effect, job)).nodeList(effect.text()).build());
      case CLIENT_STEP_SIGNAL ->
          new Message(
              MessageType.SRUN_STEP_SIGNAL,
              JobStepKill.builder().stepId(step(effect, job)).signal(effect.signal()).build());
      case LAUNCH_BATCH,
          LAUNCH_PROLOG,
          TERMINATE_JOB,
          KILL_TIME_LIMIT,
          KILL_PREEMPTED,
          ABORT_JOB,
          SIGNAL_JOB,
          SUSPEND_JOB,
          RESUME_JOB,
          NOTIFY_JOB,
          RECONFIGURE,
          REBOOT,
          REGISTER,
          KILL_STEP_TIME_LIMIT,
          TERMINATE_STEP,
          RUN_PROLOG,
          RUN_EPILOG,
          SEND_MAIL ->
          throw new IllegalStateException(effect.kind() + " is not owed to a client");
    };
  }

  private static Message grant(ClusterState state, Job job, Release release) {
    if (!HetGroups.isComponent(job)) {
      return new Message(
          MessageType.RESPONSE_RESOURCE_ALLOCATION,
          AllocationAnswers.granted(state, job, release, null));
    }
    List<ResourceAllocationResponse> all =
        HetGroups.of(state, job).stream()
            .map(component -> AllocationAnswers.granted(state, component, release, null))
            .toList();
    return new Message(
        MessageType.RESPONSE_HET_JOB_ALLOCATION,
        ResourceAllocationList.builder().allocations(all).build());
  }

  private static Message suspend(Effect effect, Job job, int operation) {
    SuspendJob body =
        SuspendJob.builder().sluid(sluid(job)).jobId(effect.jobId()).operation(operation).build();
    return new Message(MessageType.SRUN_REQUEST_SUSPEND, body);
  }

  private static StepId step(Effect effect, Job job) {
    return StepId.builder()
        .sluid(sluid(job))
        .jobId(effect.jobId())
        .stepId(effect.stepId())
        .stepHetComponent(effect.hetComponent())
        .build();
  }

  private static long sluid(Job job) {
    return job == null ? 0 : job.databaseIndex();
  }
}
