package baton.protocol.auth;

import baton.protocol.type.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Makes and checks the auth sections of messages. Any thread may call, Netty's too: nothing here
 * blocks; outcomes arrive on a thread of the authenticator. Refusals are values.
 *
 * <p>The body's pieces are read later, on another thread: they must stay valid and unchanged until
 * the outcome is there. Their positions are left alone.
 */
public interface Authenticator extends AutoCloseable {
  /**
   * Makes the section for an outgoing message.
   *
   * @param messageType number of the message type, u16
   * @param body the encoded body
   * @param audience who may verify it
   * @param digest how the body is bound in
   */
  default CompletionStage<SealOutcome> seal(
      int messageType, List<ByteBuffer> body, Audience audience, DigestType digest) {
    return seal(() -> BodyDigest.payload(digest, messageType, body), audience);
  }

  /**
   * Makes the section for an outgoing message whose digest may be known already.
   *
   * @param payload gives {@link BodyDigest#payload}; asked on a thread of the authenticator
   * @param audience who may verify it
   */
  CompletionStage<SealOutcome> seal(Supplier<Bytes> payload, Audience audience);

  /**
   * Checks the section of an incoming message, once: a second check of the same one is a replay.
   *
   * @param messageType number of the message type, u16
   * @param body the body as received, not decoded yet
   */
  CompletionStage<VerifyOutcome> verify(
      AuthSection section, int messageType, List<ByteBuffer> body);

  /** Answers what was begun, then stops; at most some seconds. */
  @Override
  void close();
}
