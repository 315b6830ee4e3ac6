package baton.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthInfoTest {
  @Test
  void socketAndTtlAreFoundAmongOtherWords() {
    assertEquals(
        new AuthInfo(Optional.of("/run/m"), 60),
        AuthInfo.parse("cred_expire=30,socket=/run/m,ttl=60,use_client_ids", Map.of()));
  }

  @Test
  void theEnvironmentServesWhenNoSocketIsNamed() {
    Map<String, String> environment = Map.of("MUNGE_SOCKET", "/tmp/s");
    assertEquals(Optional.of("/tmp/s"), AuthInfo.parse("", environment).socket());
    assertEquals(Optional.of("/x"), AuthInfo.parse("socket=/x", environment).socket());
    assertEquals(new AuthInfo(Optional.empty(), 0), AuthInfo.parse("", Map.of()));
  }

  @Test
  void aSenselessTtlMeansTheDefault() {
    assertEquals(0, AuthInfo.parse("ttl=soon", Map.of()).ttlSeconds());
    assertEquals(0, AuthInfo.parse("ttl=-5", Map.of()).ttlSeconds());
  }
}
