package baton.protocol.net;

import baton.protocol.auth.Caller;
import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnCode;
import baton.protocol.message.ReturnCodeMessage;
import baton.protocol.type.Release;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a peer answered.
 *
 * @param release what it answered in
 * @param type the message type
 * @param body the record of that type's layout, null for an empty body
 * @param sender who answered, when the answer carries a credential: only releases before 23.02 do,
 *     and answers that were gathered by another node never do
 */
public record Reply(Release release, MessageType type, Object body, Optional<Caller> sender)
    implements SendOutcome {
  /** The number in a RESPONSE_SLURM_RC or RESPONSE_SLURM_RC_MSG; empty for other types. */
  public OptionalLong returnCode() {
    if (body instanceof ReturnCode code) {
      return OptionalLong.of(code.returnCode());
    }
    return body instanceof ReturnCodeMessage told
        ? OptionalLong.of(told.returnCode())
        : OptionalLong.empty();
  }
}
