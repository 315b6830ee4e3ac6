package baton.protocol.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.record.Frame.Forward;
import baton.protocol.record.Frame.NotAMessage;
import baton.protocol.record.Frame.Returned;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameTest {
  /** Version, flags, type 8001, body of four bytes, no forwarding, nothing returned, no address. */
  private static final String ANSWER = "2a00 0040 1f41 00000004 0000 0000 0000 000003ef";

  /** A ping of 22.05 to be passed on to n2 within 10 s in a tree 50 wide, with a credential. */
  private static final String FORWARDED =
      "2600 0000 03f0 00000000 0001 00000003 6e3200 00002710 0032 0000"
          + "0002 01004d0a d204 00000065 00000002 4d00";

  @Test
  void readsAnAnswerWithoutCredential() throws NotAMessage {
    Frame frame = parse(ANSWER);
    assertEquals(42 << 8, frame.version());
    assertEquals(8001, frame.type());
    assertFalse(frame.hasCredential());
    assertEquals("000003ef", frame.bodyHex());
  }

  @Test
  void readsForwardingAndLeavesTheCredentialOut() throws NotAMessage {
    Frame frame = parse(FORWARDED);
    assertEquals(Optional.of(new Forward("n2", 10_000, 50)), frame.forward());
    assertTrue(frame.hasCredential());
    assertEquals(0, frame.bodyBytes());
  }

  @Test
  void readsGatheredAnswers() throws NotAMessage {
    Frame frame =
        parse(
            "2a00 0040 1f41 00000004 0000 0001 00000000 1f41 00000003 6e3200 00000005"
                + "0000 00000000");
    assertEquals(List.of(new Returned(0, 8001, "n2", "00000005")), frame.returned());
  }

  @Test
  void refusesAHeaderThatDoesNotEndWhereTheBodyBegins() {
    assertThrows(NotAMessage.class, () -> parse(ANSWER + "00"));
    assertThrows(NotAMessage.class, () -> parse(ANSWER.substring(0, ANSWER.length() - 2)));
  }

  @Test
  void refusesUnknownVersionsAndLengthsPastTheEnd() {
    assertThrows(NotAMessage.class, () -> parse(ANSWER.replace("2a00", "2500")));
    assertThrows(NotAMessage.class, () -> parse(FORWARDED.replace("00000003 6e", "7fffffff 6e")));
    assertThrows(NotAMessage.class, () -> parse("2a00"));
  }

  private static Frame parse(String hex) throws NotAMessage {
    return Frame.parse(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
