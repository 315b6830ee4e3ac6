package baton.controller.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaskTest {
  private final Mask mask = new Mask(List.of("7001", "7005"));

  @Test
  void namesJobsByTheOrderOfTheirSubmission() {
    assertEquals("j#01 j#02 j...", mask.apply("7001 7005 7003"));
  }

  @Test
  void namesArraysWhateverIndexFollows() {
    assertEquals("j#01_3 j#02_[1-2] j..._7", mask.apply("7001_3 7005_[1-2] 7003_7"));
  }

  @Test
  void keepsNumbersThatOnlyContainAJobId() {
    assertEquals("17001 70012 n7001", mask.apply("17001 70012 n7001"));
  }

  @Test
  void masksTimesButNotTheirAbsence() {
    assertEquals(
        "StartTime=TIME EndTime=Unknown",
        mask.apply("StartTime=2026-11-22T11:00:01 EndTime=Unknown"));
  }

  @Test
  void masksTimeThatPassedAndKeepsLimitsAndExitCodes() {
    assertEquals("0:SS 25:00 10:00 ExitCode=0:15", mask.apply("1:07 25:00 10:00 ExitCode=0:15"));
  }

  @Test
  void masksLoadsAcrossLinesOfJson() {
    assertEquals(
        "\"free_mem\": {\n \"set\": true,\n \"number\": LOAD\n}",
        mask.apply("\"free_mem\": {\n \"set\": true,\n \"number\": 20129\n}"));
  }
}
