package baton.protocol.net;

import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import java.util.List;

/**
 * What goes back on the connection of a request, before it is closed.
 *
 * @param messages sent one after the other, in the release of the request; with none the connection
 *     is closed without a word, as Slurm does for some messages of nodes, and a waiting peer sees a
 *     communication failure and tries again
 */
public record Answer(List<Message> messages) {
  private static final Answer NONE = new Answer(List.of());

  public Answer {
    messages = List.copyOf(messages);
  }

  public static Answer of(MessageType type, Object body) {
    return new Answer(List.of(new Message(type, body)));
  }

  public static Answer of(Message message) {
    return new Answer(List.of(message));
  }

  /** RESPONSE_SLURM_RC with that number. */
  public static Answer returnCode(SlurmError error) {
    return of(Message.returnCode(error));
  }

  /** RESPONSE_SLURM_RC with 0. */
  public static Answer success() {
    return returnCode(SlurmError.SLURM_SUCCESS);
  }

  /** Closes without a reply. */
  public static Answer none() {
    return NONE;
  }
}
