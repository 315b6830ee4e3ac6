package baton.controller.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.collection.SortedTable;
import baton.controller.query.Asker;
import baton.protocol.net.EncodedBody;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody gets an answer that was made for another, or for a state that has passed. */
final class WholeAnswersTest {
  private static final int PRIVATE_JOBS = 0x1;
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final Uid ALICE = Uid.of(2001);
  private static final Uid BOB = Uid.of(2002);

  private final WholeAnswers answers = new WholeAnswers(100);

  private static ClusterState state(ClusterConfig config, Partition partition) {
    ClusterState empty = ClusterState.empty();
    return ClusterState.of(
        config,
        empty.facts(),
        empty.jobs(),
        empty.nodes(),
        SortedTable.copyOf(Map.of(partition.name(), partition)),
        empty.effects());
  }

  private static ClusterState open() {
    return state(ClusterConfig.builder().build(), main().build());
  }

  private static Partition.Builder main() {
    return Partition.builder().name(PartitionName.of("main"));
  }

  private static Asker asker(Uid user, boolean operator, Instant now) {
    return new Asker(user, operator, Release.V22_05, 0, now);
  }

  private EncodedBody ask(ClusterState state, Asker asker, int bytes, boolean dependsOnTime) {
    return answers.get(
        state,
        asker,
        () -> new WholeAnswers.Made(EncodedBody.of(Bytes.owning(new byte[bytes])), dependsOnTime));
  }

  private EncodedBody ask(ClusterState state, Uid user) {
    return ask(state, asker(user, false, NOW), 10, false);
  }

  @Test
  void whereNothingIsPrivateAllGetTheSame() {
    ClusterState state = open();
    EncodedBody first = ask(state, ALICE);
    assertSame(first, ask(state, BOB));
    assertSame(first, ask(state, asker(BOB, false, NOW.plusSeconds(60)), 10, false));
  }

  @Test
  void anOperatorGetsHisOwn() {
    ClusterState state = open();
    EncodedBody users = ask(state, ALICE);
    assertNotSame(users, ask(state, asker(Uid.ROOT, true, NOW), 10, false));
    assertSame(users, ask(state, ALICE));
  }

  @Test
  void privateJobsAreNotShared() {
    ClusterConfig config = ClusterConfig.builder().privateData(PRIVATE_JOBS).build();
    ClusterState state = state(config, main().build());
    EncodedBody first = ask(state, ALICE);
    assertNotSame(first, ask(state, BOB));
    assertSame(first, ask(state, ALICE));
  }

  @Test
  void aPartitionOfSomeGroupsMakesAnswersPersonal() {
    Partition ofAlice = main().allowGroups("alice").build();
    ClusterState state = state(ClusterConfig.builder().build(), ofAlice);
    assertNotSame(ask(state, ALICE), ask(state, BOB));
  }

  @Test
  void anotherStateIsAnswered() {
    assertNotSame(ask(open(), ALICE), ask(open(), ALICE));
  }

  @Test
  void whatDependsOnTheTimeIsGoodForItsSecond() {
    ClusterState state = open();
    EncodedBody first = ask(state, asker(ALICE, false, NOW), 10, true);
    assertSame(first, ask(state, asker(ALICE, false, NOW), 10, true));
    assertNotSame(first, ask(state, asker(ALICE, false, NOW.plusSeconds(1)), 10, true));
  }

  @Test
  void noMoreIsKeptThanTheBound() {
    ClusterState state = open();
    EncodedBody tooLong = ask(state, asker(ALICE, false, NOW), 101, false);
    assertEquals(101, tooLong.bytes());
    assertNotSame(tooLong, ask(state, asker(ALICE, false, NOW), 101, false));
    EncodedBody fits = ask(state, asker(ALICE, false, NOW), 60, false);
    EncodedBody beyond = ask(state, asker(ALICE, true, NOW), 60, false);
    assertSame(fits, ask(state, asker(ALICE, false, NOW), 60, false));
    assertNotSame(beyond, ask(state, asker(ALICE, true, NOW), 60, false));
  }
}
