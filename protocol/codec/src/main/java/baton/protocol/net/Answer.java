package baton.protocol.net;

import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import java.util.List;
import java.util.Optional;

/**
 * What goes back on the connection of a request, before it is closed.
 *
 * @param messages sent one after the other; with none the connection is closed without a word, as
 *     Slurm does for some messages of nodes, and a waiting peer sees a communication failure and
 *     tries again
 * @param release what they are written in when that is not the release of the request
 */
public record Answer(List<Message> messages, Optional<Release> release) {
  private static final Answer NONE = new Answer(List.of());

  public Answer {
    messages = List.copyOf(messages);
  }

  public Answer(List<Message> messages) {
    this(messages, Optional.empty());
  }

  /** The same, written in another release, which the peer must know. */
  public Answer in(Release other) {
    return new Answer(messages, Optional.of(other));
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
