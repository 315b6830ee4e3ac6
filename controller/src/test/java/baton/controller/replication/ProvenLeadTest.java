package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.dispatch.TwoClocks;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a member may act on having led, as its clocks have it. */
final class ProvenLeadTest {
  private static final Duration A_MOMENT = Duration.ofMillis(1);

  private final TwoClocks clocks = new TwoClocks();
  private final ProvenLead lead = new ProvenLead(clocks::monotonicNanos, clocks::now);

  @Test
  void nothingIsProvenAtFirst() {
    assertFalse(lead.isFresh(0));
    assertTrue(lead.isAgeing(0));
  }

  @Test
  void aProofIsAsOldAsItsQuestion() {
    ProvenLead.Asked asked = lead.ask();
    clocks.pass(ProvenLead.FRESH.minus(A_MOMENT));
    lead.proven(7, asked);
    assertTrue(lead.isFresh(7));
    assertTrue(lead.isAgeing(7));
    clocks.pass(A_MOMENT.multipliedBy(2));
    assertFalse(lead.isFresh(7));
  }

  @Test
  void aProofIsForItsTerm() {
    lead.proven(7, lead.ask());
    assertFalse(lead.isFresh(8));
    lead.proven(8, lead.ask());
    assertTrue(lead.isFresh(8));
    assertFalse(lead.isFresh(7));
  }

  @Test
  void anAnswerThatComesLateTakesNothingBack() {
    ProvenLead.Asked early = lead.ask();
    clocks.pass(ProvenLead.FRESH);
    lead.proven(7, lead.ask());
    lead.proven(7, early);
    lead.proven(6, lead.ask());
    clocks.pass(A_MOMENT);
    assertTrue(lead.isFresh(7));
  }

  @Test
  void aProofGoesWithTheClockThatWentOn() {
    lead.proven(7, lead.ask());
    clocks.suspend(Duration.ofMinutes(10));
    assertFalse(lead.isFresh(7));
    lead.proven(7, lead.ask());
    assertTrue(lead.isFresh(7));
  }

  /** Set back, the time of day makes nothing younger; set forward, it costs a question. */
  @Test
  void aTimeOfDayThatIsSetMakesNothingFresh() {
    lead.proven(7, lead.ask());
    clocks.set(Duration.ofHours(-1));
    assertTrue(lead.isFresh(7));
    clocks.pass(ProvenLead.FRESH.plus(A_MOMENT));
    assertFalse(lead.isFresh(7));
  }

  /** A clock that is a tenth slow lets a proof live for a tenth longer, not more. */
  @Test
  void aSlowClockStretchesAProofByAsMuchAsItIsSlow() {
    lead.proven(7, lead.ask());
    Duration passed = Duration.ZERO;
    while (lead.isFresh(7)) {
      passed = passed.plus(Duration.ofMillis(10));
      clocks.pass(Duration.ofMillis(9));
    }
    assertTrue(passed.compareTo(ProvenLead.FRESH.multipliedBy(12).dividedBy(10)) <= 0);
  }
}
