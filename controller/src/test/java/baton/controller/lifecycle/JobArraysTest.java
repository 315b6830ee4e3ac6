package baton.controller.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.BitSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of tasks, as slurmctld 22.05 reads them. */
final class JobArraysTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-3|0-3",
        "1,3,5-9:2|1,3,5,7,9",
        "7|7",
        "0-9%3|0-9",
        "[1-2]|1-2",
        "[4,6]|4,6",
        "1,,3|1,3",
        "%5|0",
        " 4|4",
        "3%x|3",
        "0-100:50|0,50,100",
      })
  void tasksAreRead(String expression, String tasks) {
    assertEquals(tasks, JobArrays.text(JobArrays.tasks(expression, 1001), 1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5-1",
        "abc",
        "1-3:0",
        "0-1001",
        "1001",
        "-1",
        "1-",
        "1-3x",
        "1-2-3",
        "1-3:1001",
        "1_2"
      })
  void whatIsNoExpressionIsNone(String expression) {
    assertNull(JobArrays.tasks(expression, 1001));
  }

  @ParameterizedTest
  @CsvSource({"0-15%4,4,1", "0-15:3,0,3", "0-15:5%2,2,5", "3,0,1"})
  void limitAndStepAreRead(String expression, long limit, long step) {
    assertEquals(limit, JobArrays.throttle(expression));
    assertEquals(step, JobArrays.step(expression));
  }

  @Property(tries = 200)
  void whatIsWrittenIsReadAgain(
      @ForAll("sets") BitSet tasks, @ForAll @IntRange(min = 1, max = 40) int extra) {
    assertEquals(
        tasks, JobArrays.tasks(JobArrays.text(tasks, Integer.MAX_VALUE), tasks.length() + extra));
  }

  @Provide
  Arbitrary<BitSet> sets() {
    return Arbitraries.integers()
        .between(0, 300)
        .set()
        .ofMinSize(1)
        .ofMaxSize(60)
        .map(
            numbers -> {
              BitSet tasks = new BitSet();
              numbers.forEach(tasks::set);
              return tasks;
            });
  }

  @Property(tries = 200)
  void noTextMakesItThrow(@ForAll @StringLength(max = 40) String text) {
    BitSet tasks = JobArrays.tasks(text, 1001);
    assertEquals(true, tasks == null || tasks.length() <= 1001);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0-9|0-9", "1,3,5,7,9,11,13,15,17,19,21,23|1,3,5,7,9,11,13,15,17,19,21,..."})
  void longTextsAreCutWhereSlurmctldCutsThem(String tasks, String text) {
    assertEquals(text, JobArrays.text(JobArrays.tasks(tasks, 1001), 32));
  }
}
