package baton.controller.replication.peer;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who proves to be a member, root or SlurmUser of this Slurm cluster, or the bearer of a
 * token, and seals the answer the same way. Thread-safe.
 */
final class GroupDoor implements Door {
  private static final Logger LOG = LoggerFactory.getLogger(GroupDoor.class);

  private final Trust trust;
  private volatile Host host = new Host() {};

  /** Who lives behind the door. */
  interface Host {
    /** Answers a member or an administrator. */
    default Map<String, String> answer(Optional<String> member, DoorWire request)
        throws IOException {
      return Answers.waitFor("this controller is starting");
    }

    /** Answers the bearer of a token. */
    default Map<String, String> join(JoinToken token, DoorWire request) throws IOException {
      return Answers.waitFor("this controller is starting");
    }
  }

  GroupDoor(Trust trust) {
    this.trust = trust;
  }

  void open(Host living) {
    host = living;
  }

  @Override
  public byte[] answer(Visitor visitor, byte[] body) throws IOException {
    DoorWire request = DoorWire.decode(body);
    if (visitor.member() != null) {
      return new DoorWire(host.answer(Optional.of(visitor.member()), request), "").encode();
    }
    Optional<JoinToken> token = JoinToken.parse(request.proof());
    if (token.isPresent()) {
      return new DoorWire(host.join(token.get(), request), "").encode();
    }
    Trust.Opened opened = trust.open(request.proof());
    String nonce = request.get(DoorField.NONCE);
    byte[] said =
        new DoorWire(request.fields(), "")
            .digest(DoorField.REQUEST, visitor.serverFingerprint(), nonce);
    if (!trust.isAdministrator(opened.uid()) || !MessageDigest.isEqual(opened.payload(), said)) {
      LOG.warn("uid {} is turned away at the door", opened.uid());
      throw new IOException("only root and SlurmUser are answered here");
    }
    DoorWire answer = new DoorWire(host.answer(Optional.empty(), request), "");
    String proof =
        trust.seal(
            answer.digest(DoorField.ANSWER, visitor.serverFingerprint(), nonce), opened.uid());
    return new DoorWire(answer.fields(), proof).encode();
  }
}
