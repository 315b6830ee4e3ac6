package baton.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Bodies and the payloads of their credentials, both as scontrol, sinfo and sbatch 22.05.8 sent
 * them (the payloads taken out by unmunge).
 */
class BodyDigestTest {
  private static final int REQUEST_PING = 1008;
  private static final int REQUEST_PARTITION_INFO = 2009;
  private static final int REQUEST_SUBMIT_BATCH_JOB = 4003;
  private static final String SINFO_BODY = "00000000000000000010";
  private static final Bytes PING_PAYLOAD =
      Bytes.ofHex("025d5247bbb9ae435b2674a601f4a615de08d36c074c352457612d21db790784f9");
  private static final Bytes SINFO_PAYLOAD =
      Bytes.ofHex("0291c448ab9cb82a8c95f15f80e6006972ea7200185a7e4882f8a6a05ef1ac5812");
  private static final Bytes SBATCH_PAYLOAD =
      Bytes.ofHex("0283b3b58a9c864976daa5f99f601a60660b8e59881bafb75b6438c4893ccf5865");

  @Test
  void ofAnEmptyBodyAsScontrolPing() {
    assertEquals(PING_PAYLOAD, BodyDigest.payload(DigestType.K12, REQUEST_PING, List.of()));
  }

  @Test
  void ofASmallBodyAsSinfo() {
    byte[] body = HexFormat.of().parseHex(SINFO_BODY);
    ByteBuffer whole = ByteBuffer.wrap(body);
    assertEquals(
        SINFO_PAYLOAD, BodyDigest.payload(DigestType.K12, REQUEST_PARTITION_INFO, List.of(whole)));
    assertEquals(0, whole.position());
  }

  @Test
  void ofABodyLongerThanOneBlockAsSbatchInOddPieces() throws IOException {
    byte[] body = resource("/digest/sbatch-22.05.8.body");
    assertEquals(19005, body.length);
    ByteBuffer direct =
        ByteBuffer.allocateDirect(body.length - 100).put(body, 100, body.length - 100);
    List<ByteBuffer> pieces = List.of(ByteBuffer.wrap(body, 0, 100), direct.flip());
    assertEquals(
        SBATCH_PAYLOAD, BodyDigest.payload(DigestType.K12, REQUEST_SUBMIT_BATCH_JOB, pieces));
  }

  @Test
  void sha3HashesTheMessageTypeAfterTheBody() throws Exception {
    byte[] body = {1, 2, 3};
    java.security.MessageDigest sha3 = java.security.MessageDigest.getInstance("SHA3-256");
    byte[] expected = sha3.digest(new byte[] {1, 2, 3, 0x03, (byte) 0xf0});
    assertEquals(
        "04" + HexFormat.of().formatHex(expected),
        BodyDigest.payload(DigestType.SHA3_256, REQUEST_PING, List.of(ByteBuffer.wrap(body)))
            .toHex());
  }

  @Test
  void anotherBodyOrTypeIsRefused() {
    assertEquals(
        Optional.of(DigestType.K12),
        BodyDigest.check(PING_PAYLOAD, REQUEST_PING, List.of(), DigestPolicy.STRICT));
    ByteBuffer other = ByteBuffer.wrap(new byte[1]);
    assertTrue(
        BodyDigest.check(PING_PAYLOAD, REQUEST_PING, List.of(other), DigestPolicy.STRICT)
            .isEmpty());
    assertTrue(
        BodyDigest.check(PING_PAYLOAD, REQUEST_PING + 1, List.of(), DigestPolicy.STRICT).isEmpty());
  }

  @Test
  void weakFormsNeedLeave() {
    Bytes typeOnly = Bytes.ofHex("0103f0");
    DigestPolicy lenient = new DigestPolicy(true, true);
    assertTrue(check(typeOnly, DigestPolicy.STRICT).isEmpty());
    assertTrue(check(Bytes.EMPTY, DigestPolicy.STRICT).isEmpty());
    assertEquals(Optional.of(DigestType.NONE), check(typeOnly, lenient));
    assertEquals(Optional.of(DigestType.K12), check(Bytes.EMPTY, lenient));
    assertTrue(check(Bytes.ofHex("0103f1"), lenient).isEmpty());
    assertTrue(check(Bytes.ofHex("03" + "00".repeat(32)), lenient).isEmpty());
  }

  private static Optional<DigestType> check(Bytes payload, DigestPolicy policy) {
    return BodyDigest.check(payload, REQUEST_PING, List.of(), policy);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BodyDigestTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
