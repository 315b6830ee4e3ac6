package baton.protocol.net;

import baton.protocol.auth.Audience;
import baton.protocol.auth.DigestType;
import java.time.Duration;

/**
 * How a message is sent.
 *
 * @param timeout from the call to the reply, the wait for a free connection included
 * @param audience who may verify the credential: SlurmdUser for nodes, the job's user for srun
 * @param digest how the body is bound to the credential
 * @param replyExpected false for messages that are only taken, REQUEST_SHUTDOWN for one
 */
public record SendOptions(
    Duration timeout, Audience audience, DigestType digest, boolean replyExpected) {
  /** MessageTimeout of slurm.conf unless set. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  public static SendOptions to(Audience audience) {
    return new SendOptions(DEFAULT_TIMEOUT, audience, DigestType.K12, true);
  }

  public SendOptions within(Duration newTimeout) {
    return new SendOptions(newTimeout, audience, digest, replyExpected);
  }

  public SendOptions withoutReply() {
    return new SendOptions(timeout, audience, digest, false);
  }
}
