package baton.protocol.net;

import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnCode;
import java.util.Objects;

/**
 * One message to send, free of release and header.
 *
 * @param type its type
 * @param body the record of that type's layout, an {@link EncodedBody}, or null for an empty body
 */
public record Message(MessageType type, Object body) {
  public Message {
    Objects.requireNonNull(type, "type");
  }

  /** A message without a body. */
  public static Message empty(MessageType type) {
    return new Message(type, null);
  }

  /** The answer to whatever needs no more than success or an error. */
  public static Message returnCode(SlurmError error) {
    return new Message(
        MessageType.RESPONSE_SLURM_RC, ReturnCode.builder().returnCode(error.wireNumber()).build());
  }
}
