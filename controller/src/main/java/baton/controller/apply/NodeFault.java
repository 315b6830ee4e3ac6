package baton.controller.apply;

import baton.protocol.error.SlurmError;
import java.util.Set;

/** What slurmctld makes of an error that a node reports about a batch job. */
final class NodeFault {
  /** The job raced with its own end; nothing is wrong. */
  private static final Set<SlurmError> RACES =
      Set.of(
          SlurmError.ESLURMD_JOB_NOTRUNNING,
          SlurmError.ESLURM_ALREADY_DONE,
          SlurmError.ESLURMD_CREDENTIAL_REVOKED);

  /** The job cannot run, but the node is sound. */
  private static final Set<SlurmError> JOB_FAULTS =
      Set.of(
          SlurmError.SLURM_COMMUNICATIONS_SEND_ERROR,
          SlurmError.ESLURM_USER_ID_MISSING,
          SlurmError.ESLURMD_UID_NOT_FOUND,
          SlurmError.ESLURMD_GID_NOT_FOUND,
          SlurmError.ESLURMD_INVALID_ACCT_FREQ);

  private NodeFault() {}

  /** True if the node is to be drained for the error number {@code returnCode}. */
  static boolean drains(long returnCode) {
    if (returnCode == 0) {
      return false;
    }
    return RACES.stream().noneMatch(error -> error.number() == returnCode)
        && JOB_FAULTS.stream().noneMatch(error -> error.number() == returnCode);
  }
}
