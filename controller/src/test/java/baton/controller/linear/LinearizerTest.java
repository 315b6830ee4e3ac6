package baton.controller.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search alone, on a register: 0 at first, then what was written last. */
class LinearizerTest {
  /** A write of a value, or a read that found it. */
  private record Access(boolean write, int value) {}

  private static final Model<Integer, Access> REGISTER =
      new Model<>() {
        @Override
        public Integer initial() {
          return 0;
        }

        @Override
        public Step<Integer> step(Integer state, Access access, boolean settled) {
          if (access.write()) {
            return Taken.to(access.value());
          }
          return !settled || state == access.value()
              ? Taken.to(state)
              : new Impossible<>("it is " + state);
        }

        @Override
        public boolean isQuestion(Access access) {
          return !access.write();
        }
      };

  private static Operation<Access> write(int value, long call, long end) {
    return new Operation<>("writer", new Access(true, value), call, end);
  }

  private static Operation<Access> read(int value, long call, long end) {
    return new Operation<>("reader", new Access(false, value), call, end);
  }

  private static void accepted(List<Operation<Access>> history) {
    assertInstanceOf(Verdict.Accepted.class, Linearizer.judge(REGISTER, history));
  }

  private static void rejected(List<Operation<Access>> history) {
    assertInstanceOf(Verdict.Rejected.class, Linearizer.judge(REGISTER, history));
  }

  @Test
  void nothingIsInOrder() {
    accepted(List.of());
  }

  @Test
  void oneAfterTheOther() {
    accepted(List.of(read(0, 0, 1), write(1, 2, 3), read(1, 4, 5), write(2, 6, 7), read(2, 8, 9)));
    rejected(List.of(write(1, 0, 1), read(0, 2, 3)));
    rejected(List.of(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)));
  }

  @Test
  void aReadDuringAWriteSeesEither() {
    accepted(List.of(write(1, 0, 10), read(0, 2, 3), read(1, 4, 5)));
    accepted(List.of(write(1, 0, 10), read(1, 2, 3)));
    accepted(List.of(write(1, 0, 10), read(0, 8, 9)));
  }

  @Test
  void whatOneReadSawTheNextSeesToo() {
    rejected(List.of(write(1, 0, 10), read(1, 2, 3), read(0, 4, 5)));
    accepted(List.of(write(1, 0, 10), read(1, 2, 5), read(0, 4, 6)));
  }

  @Test
  void whoTouchInOneMomentMayBeInEitherOrder() {
    accepted(List.of(write(1, 0, 5), read(0, 5, 6)));
    rejected(List.of(write(1, 0, 5), read(0, 6, 7)));
  }

  @Test
  void twoWritesAtOnceHaveOneOrderForAll() {
    accepted(List.of(write(1, 0, 10), write(2, 0, 10), read(1, 11, 12), read(1, 13, 14)));
    accepted(List.of(write(1, 0, 10), write(2, 0, 10), read(2, 11, 12), read(2, 13, 14)));
    rejected(List.of(write(1, 0, 10), write(2, 0, 10), read(1, 11, 12), read(2, 13, 14)));
    rejected(List.of(write(1, 0, 10), write(2, 0, 10), read(0, 11, 12)));
  }

  /** Herlihy and Wing's example of what is sequentially consistent, and not linearizable. */
  @Test
  void orderWithinEachProcessIsNotEnough() {
    rejected(List.of(write(1, 0, 1), write(2, 2, 3), read(2, 4, 5), read(1, 6, 7)));
  }

  @Test
  void aWriteWithoutAnAnswerMayComeLateOrNever() {
    Operation<Access> lost = write(1, 2, Operation.OPEN);
    accepted(List.of(lost));
    accepted(List.of(lost, read(0, 4, 5), read(0, 6, 7)));
    accepted(List.of(lost, read(0, 4, 5), read(1, 6, 7), read(1, 8, 9)));
    rejected(List.of(lost, read(1, 4, 5), read(0, 6, 7)));
    rejected(List.of(lost, read(1, 0, 1)));
    rejected(List.of(lost, read(1, 4, 5), write(2, 6, 7), read(1, 8, 9)));
    accepted(List.of(lost, read(0, 4, 5), write(2, 6, 7), read(1, 8, 9)));
  }

  /** Any history of a register that takes effect in one moment each is in order. */
  @Test
  void whatTakesEffectInOneMomentIsAccepted() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<Operation<Access>> history = new ArrayList<>();
      int value = 0;
      for (int moment = 100; moment < 220; moment++) {
        boolean write = random.nextInt(3) == 0;
        value = write ? moment : value;
        long end = random.nextInt(25) == 0 && write ? Operation.OPEN : moment + random.nextInt(6);
        history.add(
            new Operation<>("any", new Access(write, value), moment - random.nextInt(6), end));
      }
      assertInstanceOf(Verdict.Accepted.class, Linearizer.judge(REGISTER, history), "seed " + seed);
    }
  }

  @Test
  void theContradictionIsWhatMattersAlone() {
    List<Operation<Access>> history = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      history.add(write(i, 10L * i, 10L * i + 3));
      history.add(read(i, 10L * i + 5, 10L * i + 6));
    }
    history.add(read(6, 125, 126));
    Contradiction<Access> found = Contradiction.in(REGISTER, history);
    List<Access> essential = found.essential().stream().map(Operation::action).toList();
    assertTrue(essential.contains(new Access(false, 6)), essential::toString);
    assertTrue(essential.size() <= 3, essential::toString);
    assertEquals(1, found.verdict().stuck().size());
  }
}
