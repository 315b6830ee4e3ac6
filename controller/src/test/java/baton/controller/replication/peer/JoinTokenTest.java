package baton.controller.replication.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What lets a machine without munge's key in, and what does not. */
final class JoinTokenTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Map<String, String> PEERS = Map.of("a", "ctl1:6819", "b", "ctl2:6819");

  private final MemberIdentity issuer = founder();
  private final JoinToken token = JoinToken.issue(issuer, "c", "ctl3:6819", NOW);

  private static MemberIdentity founder() {
    return MemberIdentity.found(UUID.randomUUID(), "a", PEERS, NOW);
  }

  @Test
  void itsTextSaysAllThatTheNewcomerNeeds() {
    assertEquals(Optional.of(token), JoinToken.parse(token.text()));
    assertEquals(PEERS, token.peers());
  }

  @Test
  void itIsGoodForAnHour() {
    assertTrue(token.isGenuine(issuer, NOW));
    assertTrue(token.isGenuine(issuer, NOW.plus(Duration.ofMinutes(59))));
    assertFalse(token.isGenuine(issuer, NOW.plus(Duration.ofMinutes(60))));
  }

  @Test
  void anyMemberOfItsClusterKnowsItAndNoOther() {
    MemberIdentity colleague = RelayedPeers.identity(issuer, "b", NOW);
    assertTrue(token.isGenuine(colleague, NOW));
    assertFalse(token.isGenuine(founder(), NOW));
  }

  @Test
  void whatIsChangedInItMakesItWorthless() {
    assertFalse(changed("d", token.address(), token.expiresSeconds()).isGenuine(issuer, NOW));
    assertFalse(changed(token.id(), "ctl9:6819", token.expiresSeconds()).isGenuine(issuer, NOW));
    assertFalse(
        changed(token.id(), token.address(), token.expiresSeconds() + 1).isGenuine(issuer, NOW));
  }

  private JoinToken changed(String id, String address, long expires) {
    return new JoinToken(id, address, token.peers(), token.authority(), expires, token.secret());
  }

  @Test
  void whatIsNoneIsNotTakenForOne() {
    String text = token.text();
    for (String none :
        new String[] {"", "baton1.", "baton1.!!", "baton2" + text.substring(6), "munge:abc"}) {
      assertEquals(Optional.empty(), JoinToken.parse(none), none);
    }
    assertEquals(Optional.empty(), JoinToken.parse(text.substring(0, text.length() / 2)));
  }
}
