package baton.protocol.load;

import baton.protocol.message.JobDescription;
import baton.protocol.message.JobIdMessage;
import baton.protocol.message.JobInfoRequest;
import baton.protocol.message.JobStepKill;
import baton.protocol.message.MessageType;
import baton.protocol.message.StepId;
import baton.protocol.net.Message;
import baton.protocol.type.JobId;
import java.time.Instant;

/** What scontrol and scancel send about one job. */
final class JobMessages {
  /** SHOW_ALL and SHOW_DETAIL. */
  private static final int SHOW_FLAGS = 0x03;

  private static final int SIGKILL = 9;

  private JobMessages() {}

  static Message show(long job) {
    return new Message(
        MessageType.REQUEST_JOB_INFO_SINGLE,
        JobIdMessage.builder().jobId(JobId.of(job)).showFlags(SHOW_FLAGS).build());
  }

  static Message showAll() {
    return new Message(
        MessageType.REQUEST_JOB_INFO, JobInfoRequest.builder().showFlags(SHOW_FLAGS).build());
  }

  /** An update; the description names only what changes. */
  static Message update(long job, JobDescription.Builder changes) {
    return new Message(
        MessageType.REQUEST_UPDATE_JOB,
        changes.jobId(JobId.of(job)).jobIdString(Long.toString(job)).build());
  }

  /** A change that hurts nobody. */
  static Message comment(long job, Instant time) {
    return update(job, JobDescription.builder().comment(time.toString()));
  }

  static Message cancel(long job) {
    return new Message(
        MessageType.REQUEST_KILL_JOB,
        JobStepKill.builder()
            .stepId(StepId.builder().jobId(JobId.of(job)).build())
            .jobIdString(Long.toString(job))
            .signal(SIGKILL)
            .build());
  }
}
