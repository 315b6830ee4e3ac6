package baton.protocol.load;

import baton.protocol.message.JobDescription;
import baton.protocol.type.Gid;
import baton.protocol.type.Uid;
import java.util.List;

/** Batch jobs as {@code sbatch --wrap} of Debian's 22.05 describes them; a test compares. */
final class BatchJobs {
  /** Distribution "unknown", which sbatch always names. */
  private static final long TASK_DISTRIBUTION_UNKNOWN = 0x2000;

  /** The number of the selection plugin cons_tres. */
  private static final long SELECT_CONS_TRES = 109;

  /** What sbatch sets unless told otherwise. */
  private static final long BIT_FLAGS = 503316480L;

  private BatchJobs() {}

  static JobDescription.Builder asSbatchDoes(String script, String workDir, long user) {
    return JobDescription.builder()
        .script(script)
        .jobName("wrap")
        .workDir(workDir)
        .userId(Uid.of(user))
        .groupId(Gid.of(user))
        .standardInput("/dev/null")
        .contiguous(0)
        .taskDistribution(TASK_DISTRIBUTION_UNKNOWN)
        .memoryBindType(0)
        .minCpus(1)
        .mailType(0)
        .selectPluginId(SELECT_CONS_TRES)
        .bitFlags(BIT_FLAGS);
  }

  /** A job of one task that leaves no output. */
  static JobDescription wrapped(String script, String workDir, long user, boolean hold) {
    JobDescription.Builder job =
        asSbatchDoes(script, workDir, user)
            .standardOutput("/dev/null")
            .allocSid(ProcessHandle.current().pid())
            .environment(
                List.of(
                    "PATH=/usr/local/bin:/usr/bin:/bin",
                    "LANG=C",
                    "SLURM_JOB_NAME=wrap",
                    "SLURM_PRIO_PROCESS=0",
                    "SLURM_SUBMIT_DIR=" + workDir,
                    "SLURM_SUBMIT_HOST=login",
                    "SLURM_UMASK=0022"))
            .submitLine("sbatch --wrap true");
    return hold ? job.priority(0).build() : job.build();
  }
}
