package baton.controller.dispatch;

import baton.protocol.type.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Certifies what users carry to nodes, so that a node knows it for the controller's word. */
@FunctionalInterface
public interface CredentialSigner {
  /**
   * Signs.
   *
   * @param certified the bytes, at most munge's limit
   * @return the signature; empty when there can be none now
   */
  CompletionStage<Optional<String>> sign(Bytes certified);
}
