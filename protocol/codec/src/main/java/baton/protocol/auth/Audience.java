package baton.protocol.auth;

import baton.protocol.type.Uid;
import java.util.Optional;

/**
 * Who may read a credential that we make.
 *
 * @param only that user alone; empty for everyone who shares the key
 */
public record Audience(Optional<Uid> only) {
  private static final Audience ANYONE = new Audience(Optional.empty());

  public static Audience anyone() {
    return ANYONE;
  }

  public static Audience only(Uid uid) {
    return new Audience(Optional.of(uid));
  }

  long restrictedToUid() {
    return only.map(Uid::value).orElse(MungeDecoded.ANYONE);
  }
}
