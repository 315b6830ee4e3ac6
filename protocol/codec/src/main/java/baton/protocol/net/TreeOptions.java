package baton.protocol.net;

import baton.protocol.auth.Audience;
import baton.protocol.auth.DigestType;
import java.time.Duration;

/**
 * How a message goes to many nodes.
 *
 * @param treeWidth TreeWidth of slurm.conf: branches at each level, at least 1
 * @param timeout MessageTimeout of slurm.conf: what one level of the tree is waited for
 * @param audience who may verify the credential: SlurmdUser
 * @param digest how the body is bound to the credential
 */
public record TreeOptions(int treeWidth, Duration timeout, Audience audience, DigestType digest) {
  public TreeOptions {
    if (treeWidth < 1) {
      throw new IllegalArgumentException("tree width " + treeWidth);
    }
  }
}
