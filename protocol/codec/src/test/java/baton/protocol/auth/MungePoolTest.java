package baton.protocol.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MungePoolTest {
  private static final Bytes PAYLOAD = Bytes.ofHex("020001ff");

  @TempDir static Path directory;
  private static MungeDaemon munged;
  private static MungePool pool;

  @BeforeAll
  static void start() throws Exception {
    munged = MungeDaemon.start(directory.resolve("munge"));
    pool = new MungePool(MungePool.Settings.of(munged.authInfo()));
  }

  @AfterAll
  static void stop() throws Exception {
    pool.close();
    munged.close();
  }

  static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void decodesWhatTheMungeProgramMade() throws Exception {
    MungeDecoded decoded = await(pool.decode(munged.munge("hello")));
    assertEquals(MungeStatus.SUCCESS, decoded.status(), decoded.detail());
    assertEquals("hello", new String(decoded.payload().toByteArray(), US_ASCII));
    assertEquals(ownUid(), decoded.uid());
    assertEquals(MungeDecoded.ANYONE, decoded.restrictedToUid());
    long age = Instant.now().getEpochSecond() - decoded.encodedAtSeconds();
    assertTrue(age >= 0 && age < 60, () -> "age " + age);
  }

  @Test
  void theUnmungeProgramReadsWhatWeMade() throws Exception {
    MungeEncoded encoded =
        await(pool.encode(Bytes.of("hello".getBytes(US_ASCII)), MungeDecoded.ANYONE));
    assertTrue(encoded.succeeded(), encoded.detail());
    String report = munged.unmunge(encoded.credential());
    assertTrue(report.contains("Success (0)"), report);
    assertTrue(report.endsWith("hello"), report);
  }

  @Test
  void aSecondDecodeIsAReplay() throws Exception {
    String credential = await(pool.encode(PAYLOAD, MungeDecoded.ANYONE)).credential();
    assertEquals(PAYLOAD, await(pool.decode(credential)).payload());
    MungeDecoded again = await(pool.decode(credential));
    assertEquals(MungeStatus.REPLAYED, again.status());
  }

  @Test
  void aCredentialForAnotherUserIsRefused() throws Exception {
    String credential = await(pool.encode(PAYLOAD, ownUid() + 1)).credential();
    assertEquals(MungeStatus.UNAUTHORIZED, await(pool.decode(credential)).status());
    String forUs = await(pool.encode(PAYLOAD, ownUid())).credential();
    MungeDecoded decoded = await(pool.decode(forUs));
    assertEquals(MungeStatus.SUCCESS, decoded.status());
    assertEquals(ownUid(), decoded.restrictedToUid());
    assertTrue(await(pool.restrictionsHold()));
  }

  @Test
  void expiredCredentialsAreTold() throws Exception {
    String credential = munged.munge("late", "--ttl=1");
    Thread.sleep(2500);
    assertEquals(MungeStatus.EXPIRED, await(pool.decode(credential)).status());
  }

  @Test
  void nonsenseAndForeignKeysAreTold() throws Exception {
    assertEquals(MungeStatus.BAD_CREDENTIAL, await(pool.decode("MUNGE:nonsense")).status());
    assertEquals(MungeStatus.BAD_CREDENTIAL, await(pool.decode("Hä?")).status());
    try (MungeDaemon other = MungeDaemon.start(directory.resolve("other"))) {
      assertEquals(MungeStatus.INVALID, await(pool.decode(other.munge("x"))).status());
    }
  }

  @Test
  void aMissingDaemonIsToldAfterPatience() throws Exception {
    AuthInfo nowhere = new AuthInfo(Optional.of(directory.resolve("none").toString()), 0);
    MungePool.Settings settings = new MungePool.Settings(nowhere, 1, 1, Duration.ofMillis(200));
    try (MungePool lonely = new MungePool(settings)) {
      assertEquals(
          MungeStatus.SOCKET_DOWN, await(lonely.encode(PAYLOAD, MungeDecoded.ANYONE)).status());
    }
  }

  @Test
  void aFullQueueIsToldAtOnce() throws Exception {
    AuthInfo nowhere = new AuthInfo(Optional.of(directory.resolve("none").toString()), 0);
    MungePool.Settings settings = new MungePool.Settings(nowhere, 1, 2, Duration.ofMillis(300));
    try (MungePool small = new MungePool(settings)) {
      List<CompletionStage<MungeDecoded>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(small.decode("MUNGE:x:"));
      }
      int busy = 0;
      for (CompletionStage<MungeDecoded> answer : answers) {
        busy += await(answer).status() == MungeStatus.BUSY ? 1 : 0;
      }
      // one under way and two that wait, and perhaps one more that found room after these gave up
      assertTrue(busy == 5 || busy == 4, busy + " of 8 were told that there is no room");
    }
  }

  static long ownUid() throws Exception {
    Process id = new ProcessBuilder("id", "-u").start();
    return Long.parseLong(new String(id.getInputStream().readAllBytes(), US_ASCII).strip());
  }
}
