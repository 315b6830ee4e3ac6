package baton.controller.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.error.SlurmError;
import baton.protocol.type.Release;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraints on features: what is one is as 22.05's slurmctld answered sbatch. */
final class ConstraintsTest {
  private static final Set<String> KNOWN = Set.of("fast", "slow", "ssd", "rack1", "rack2");
  private static final Set<String> FAST = Set.of("rack1", "fast", "ssd");
  private static final Set<String> SLOW = Set.of("rack1", "slow");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fast",
        "fast&",
        "fast|",
        "(fast|slow)&(rack1|rack2)",
        "(fast)slow",
        "fast*1*2",
        "rack1*1&rack2*1",
        "(fast|slow)*2",
        "[rack1|rack2]",
        "[rack1|rack2]&slow",
        "[rack1*1&rack2*1]",
        "[fast]",
        "[(fast&rack1)|(slow&rack2)]",
        "[(fast|slow)|rack2]"
      })
  void isOne(String expression) {
    assertNull(Constraints.refusal(expression, KNOWN, Release.V22_05));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothere",
        "fast|nothere",
        "[fast",
        "fast]",
        "(fast",
        "fast)",
        "&fast",
        "fast||slow",
        "fast&&slow",
        "()",
        "[]",
        "[fast|slow]&[rack1|rack2]",
        "[[fast|slow]]",
        "((fast|slow)&rack1)|rack2",
        "(fast|slow)(rack1|rack2)",
        "fast(slow)",
        "fast*0",
        "fast*x",
        "fast*-1",
        "fast*",
        "fast*99999999999999999999",
        "*2",
        "(fast*1|slow)",
        "[fast&slow]",
        "[fast*2|slow]",
        "[fast*1&slow]",
        "[fast&slow*1]",
        "fast slow",
        "fast=1"
      })
  void isNone(String expression) {
    assertEquals(
        SlurmError.ESLURM_INVALID_FEATURE, Constraints.refusal(expression, KNOWN, Release.V22_05));
  }

  @Test
  void laterReleasesAreStricter() {
    assertEquals(
        SlurmError.ESLURM_INVALID_FEATURE,
        Constraints.refusal("rack1*1&rack2*1", KNOWN, Release.V23_02));
    assertNull(Constraints.refusal("[rack1*1&rack2*1]", KNOWN, Release.V23_02));
    assertNull(Constraints.refusal("(fast)slow", KNOWN, Release.V23_02));
    assertEquals(
        SlurmError.ESLURM_INVALID_FEATURE,
        Constraints.refusal("(fast)slow", KNOWN, Release.V24_11));
    assertNull(Constraints.refusal("(fast|slow)&rack1", KNOWN, Release.V24_11));
  }

  @Test
  void aPreferenceIsRefusedUnderItsOwnNameOrAsAConstraint() {
    assertPreference(SlurmError.ESLURM_INVALID_PREFER, "nothere");
    assertPreference(SlurmError.ESLURM_INVALID_PREFER, "(fast");
    assertPreference(SlurmError.ESLURM_INVALID_FEATURE, "[fast");
    assertPreference(null, "fast&");
    assertEquals(
        SlurmError.ESLURM_INVALID_PREFER,
        Constraints.refusalOfPreference("[fast", KNOWN, Release.V24_11));
    assertNull(Constraints.refusalOfPreference("nothere", null, Release.V22_05));
  }

  private static void assertPreference(SlurmError refusal, String expression) {
    assertEquals(
        refusal, Constraints.refusalOfPreference(expression, KNOWN, Release.V22_05), expression);
  }

  @Test
  void namesAreJoinedFromTheLeft() {
    assertTrue(Constraints.of("fast|slow").accepts(SLOW));
    assertFalse(Constraints.of("fast|slow&rack2").accepts(FAST));
    assertTrue(Constraints.of("fast|(slow&rack2)").accepts(FAST));
    assertFalse(Constraints.of("fast|(slow&rack2)").accepts(SLOW));
    assertTrue(Constraints.of("rack1,(fast|slow)").accepts(SLOW));
  }

  @Test
  void alternativesAreNotAskedOfEachNode() {
    Constraints either = Constraints.of("slow&[rack1|rack2]");
    assertTrue(either.accepts(Set.of("slow")));
    assertFalse(either.accepts(FAST));
    assertEquals(2, either.alternatives());
    assertTrue(either.isOf(0, SLOW));
    assertFalse(either.isOf(1, SLOW));
    assertEquals(0, Constraints.of("[fast]").alternatives());
  }

  @Test
  void countsSayHowManyAndWhetherApart() {
    Constraints apart = Constraints.of("[rack1*2&rack2*1]");
    assertTrue(apart.accepts(Set.of()));
    assertTrue(apart.isApart());
    assertEquals(2, apart.counts().get(0).nodes());
    assertFalse(apart.counts().get(0).apart());
    assertTrue(apart.counts().get(1).apart());
    Constraints group = Constraints.of("(fast|slow)*2");
    assertFalse(group.isApart());
    assertTrue(group.counts().get(0).accepts(SLOW));
    assertFalse(group.counts().get(0).accepts(Set.of("rack1")));
  }

  @Property(tries = 200)
  void whatIsReadIsDecidedForAnyNode(
      @ForAll
          @Chars({'&', '|', '(', ')', '[', ']', '*', ','})
          @CharRange(from = 'a', to = 'c')
          @CharRange(from = '0', to = '2')
          @StringLength(max = 14)
          String expression) {
    if (Constraints.refusal(expression, null, Release.V22_05) == null) {
      Constraints read = Constraints.of(expression);
      read.accepts(Set.of("a"));
      for (int i = 0; i < read.alternatives(); i++) {
        read.isOf(i, Set.of("b"));
      }
      read.counts().forEach(count -> assertTrue(count.nodes() > 0));
    }
  }
}
