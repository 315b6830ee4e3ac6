package baton.protocol.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Release;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlurmErrorTest {
  @Test
  void aNumberMeansOneErrorInEachRelease() {
    for (Release release : Release.values()) {
      Map<Integer, SlurmError> seen = new HashMap<>();
      for (SlurmError error : SlurmError.values()) {
        if (error.knownIn(release)) {
          SlurmError other = seen.put(error.number(), error);
          assertEquals(null, other, () -> error + " and " + other + " in " + release);
          assertEquals(Optional.of(error), SlurmError.of(error.number(), release));
        }
      }
    }
  }

  @Test
  void reusedNumbersAreToldApartByRelease() {
    assertEquals(
        Optional.of(SlurmError.ESLURM_TASKDIST_ARBITRARY_UNSUPPORTED),
        SlurmError.of(2040, Release.V22_05));
    assertEquals(
        Optional.of(SlurmError.ESLURM_LICENSES_UNAVAILABLE), SlurmError.of(2040, Release.V23_02));
    assertEquals(
        Optional.of(SlurmError.ESLURMD_JOB_NOTRUNNING), SlurmError.of(4027, Release.V24_11));
    assertEquals(
        Optional.of(SlurmError.ESLURMD_STEP_NOTRUNNING), SlurmError.of(4027, Release.V25_05));
  }

  @Test
  void numbersWithProtocolMeaning() {
    assertEquals(2017, SlurmError.ESLURM_INVALID_JOB_ID.number());
    assertEquals(2021, SlurmError.ESLURM_ALREADY_DONE.number());
    assertEquals(2027, SlurmError.ESLURM_IN_STANDBY_MODE.number());
    assertEquals(2131, SlurmError.ESLURM_IN_STANDBY_USE_BACKUP.number());
    assertEquals(2002, SlurmError.ESLURM_ACCESS_DENIED.number());
    assertEquals(0xffffffffL, SlurmError.SLURM_ERROR.wireNumber());
    assertFalse(SlurmError.SLURMCTLD_COMMUNICATIONS_BACKOFF.knownIn(Release.V22_05));
    assertTrue(SlurmError.SLURMCTLD_COMMUNICATIONS_BACKOFF.retryAllowed());
    assertEquals(ErrorCategory.NODE, SlurmError.ESLURMD_PROLOG_FAILED.category());
    assertEquals(ErrorCategory.SYSTEM, SlurmError.EINVAL.category());
  }
}
