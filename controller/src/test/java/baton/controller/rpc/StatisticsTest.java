package baton.controller.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.buffer.WireReader;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.message.StatisticsRequest;
import baton.protocol.message.StatisticsResponse;
import baton.protocol.net.Answer;
import baton.protocol.net.EncodedBody;
import baton.protocol.net.Message;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import baton.protocol.wire.StatisticsResponseCodec;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** sdiag asked of the controller that leads, and of one that follows it. */
class StatisticsTest {
  private static final long USER = 1000;
  private static final int RESET = 0;
  private static final int GET = 1;

  private final AskedController leader = new AskedController();
  private final AskedController follower = new AskedController(Optional.of(leader));

  @ParameterizedTest
  @EnumSource(Release.class)
  void aFollowerGivesTheCountersOfTheLeader(Release release) {
    for (int i = 0; i < 3; i++) {
      leader.ask(release, MessageType.REQUEST_PING, null, USER);
    }
    Object pings = MessageType.REQUEST_PING.number(release);
    StatisticsResponse seen = counters(follower, release);
    int row = seen.rpcTypeIds().stream().boxed().toList().indexOf(pings);
    assertTrue(row >= 0, "the leader's pings are not counted: " + seen.rpcTypeIds());
    assertEquals(3, seen.rpcTypeCounts().get(row));
  }

  @Test
  void aResetAtAFollowerResetsTheLeader() {
    Release release = Release.V24_11;
    leader.ask(release, MessageType.REQUEST_PING, null, USER);
    assertEquals(returnCode(SlurmError.ESLURM_ACCESS_DENIED), reset(release, USER));
    assertTrue(counters(leader, release).rpcTypeCount() > 0);
    assertEquals(returnCode(SlurmError.SLURM_SUCCESS), reset(release, 0));
    assertEquals(0, counters(leader, release).rpcTypeCount());
  }

  @Test
  void aQuestionThatIsNoneIsRefused() {
    byte[] whole = new StatisticsQuestion(Release.V22_05, Uid.of(USER), GET).encode();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(IllegalArgumentException.class, () -> StatisticsQuestion.decode(cut));
    }
    byte[] newer = whole.clone();
    newer[0]++;
    assertThrows(IllegalArgumentException.class, () -> StatisticsQuestion.decode(newer));
    assertEquals(
        new StatisticsQuestion(Release.V22_05, Uid.of(USER), GET),
        StatisticsQuestion.decode(whole));
  }

  private Message reset(Release release, long uid) {
    return ask(follower, release, RESET, uid).messages().get(0);
  }

  private static Message returnCode(SlurmError error) {
    return Answer.returnCode(error).messages().get(0);
  }

  private static Answer ask(AskedController asked, Release release, int command, long uid) {
    StatisticsRequest request = StatisticsRequest.builder().command(command).build();
    return asked.ask(release, MessageType.REQUEST_STATS_INFO, request, uid);
  }

  private static StatisticsResponse counters(AskedController asked, Release release) {
    Message message = ask(asked, release, GET, USER).messages().get(0);
    assertEquals(MessageType.RESPONSE_STATS_INFO, message.type());
    EncodedBody body = ((EncodedBody) message.body()).joined();
    WireReader in = new WireReader(Unpooled.wrappedBuffer(body.parts().get(0).asByteBuffer()));
    return StatisticsResponseCodec.decode(in, release);
  }
}
