package baton.protocol.auth;

import static baton.protocol.auth.MungePoolTest.await;
import static baton.protocol.auth.MungePoolTest.ownUid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.protocol.auth.AuthRefusal.Reason;
import baton.protocol.type.Uid;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MungeAuthenticatorTest {
  private static final int TYPE = 2009;
  private static final List<ByteBuffer> BODY = List.of(ByteBuffer.wrap(new byte[] {1, 2, 3}));

  @TempDir static Path directory;
  private static MungeDaemon munged;
  private static Authenticator authenticator;

  @BeforeAll
  static void start() throws Exception {
    munged = MungeDaemon.start(directory.resolve("munge"));
    MungePool pool = new MungePool(MungePool.Settings.of(munged.authInfo()));
    authenticator = new MungeAuthenticator(pool, DigestPolicy.STRICT);
  }

  @AfterAll
  static void stop() {
    authenticator.close();
    munged.close();
  }

  private static AuthSection seal(Audience audience, DigestType digest) throws Exception {
    return assertInstanceOf(
        AuthSection.class, await(authenticator.seal(TYPE, BODY, audience, digest)));
  }

  private static Reason refusal(AuthSection section, int type, List<ByteBuffer> body)
      throws Exception {
    VerifyOutcome outcome = await(authenticator.verify(section, type, body));
    return assertInstanceOf(AuthRefusal.class, outcome).reason();
  }

  @Test
  void theCallerComesFromTheCredential() throws Exception {
    for (DigestType digest : List.of(DigestType.K12, DigestType.SHA3_256)) {
      AuthSection section = seal(Audience.only(Uid.of(ownUid())), digest);
      VerifyOutcome outcome = await(authenticator.verify(section, TYPE, BODY));
      Verified verified = assertInstanceOf(Verified.class, outcome);
      assertEquals(Uid.of(ownUid()), verified.caller().uid());
      assertEquals(digest, verified.digest());
    }
  }

  @Test
  void aCredentialOfAnotherMessageIsRefused() throws Exception {
    AuthSection section = seal(Audience.anyone(), DigestType.K12);
    List<ByteBuffer> other = List.of(ByteBuffer.wrap(new byte[] {1, 2, 4}));
    assertEquals(Reason.OTHER_BODY, refusal(section, TYPE, other));
    assertEquals(
        Reason.OTHER_BODY, refusal(seal(Audience.anyone(), DigestType.K12), TYPE + 1, BODY));
    assertEquals(Reason.OTHER_BODY, refusal(seal(Audience.anyone(), DigestType.NONE), TYPE, BODY));
  }

  @Test
  void aReplayIsRefused() throws Exception {
    AuthSection section = seal(Audience.anyone(), DigestType.K12);
    assertInstanceOf(Verified.class, await(authenticator.verify(section, TYPE, BODY)));
    assertEquals(Reason.REPLAYED, refusal(section, TYPE, BODY));
  }

  @Test
  void othersCredentialsAndOtherPluginsAreRefused() throws Exception {
    AuthSection section = seal(Audience.only(Uid.of(ownUid() + 1)), DigestType.K12);
    assertEquals(Reason.NOT_FOR_US, refusal(section, TYPE, BODY));
    assertEquals(
        Reason.UNKNOWN_PLUGIN,
        refusal(new AuthSection(AuthPlugin.JWT, "x", Optional.empty()), TYPE, BODY));
    assertEquals(Reason.INVALID, refusal(AuthSection.munge(""), TYPE, BODY));
  }
}
