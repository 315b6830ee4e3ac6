package baton.controller.rpc;

import static baton.controller.rpc.JobDescriptions.instant;

import baton.controller.command.JobChanges;
import baton.controller.model.ClusterConfig;
import baton.protocol.message.JobDescription;
import baton.protocol.type.NoVal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client wants changed of a job, in the model's terms. Pure; any thread. */
final class JobChangeRequests {
  private static final long MEMORY_PER_CPU = 0x8000000000000000L;
  private static final long ADMIN_HOLD = 1;
  private static final long USER_HOLD = 2;

  private static final int NO_VAL8 = 0xfe;

  /** slurm.h SLURM_AUTH_NOBODY: the credential says who asks. */
  private static final long NOBODY = 99;

  private static final Pattern NUMBER = Pattern.compile("\\s*(-?)([0-9]{1,9})");

  private JobChangeRequests() {}

  static JobChanges of(JobDescription asked, ClusterConfig config) {
    JobChanges.Builder changes = JobChanges.builder();
    texts(asked, changes);
    changes.arrayThrottle(throttle(asked.arrayIndexes()));
    numbers(asked, config, changes);
    if (asked.priority() == 0) {
      boolean named = asked.allocSid() == ADMIN_HOLD || asked.allocSid() == USER_HOLD;
      changes.hold(named ? (int) asked.allocSid() : 1);
    }
    long memory = asked.minMemory();
    if (memory != NoVal.NO_VAL64) {
      changes.memoryMiB(memory & ~MEMORY_PER_CPU).memoryPerCpu((memory & MEMORY_PER_CPU) != 0);
    }
    return changes.build();
  }

  /**
   * scontrol puts ArrayTaskThrottle where a submission has the tasks. As slurmctld has it, what is
   * no number is 0; what is negative becomes INFINITE, which is refused.
   */
  private static long throttle(String text) {
    if (text == null) {
      return NoVal.NO_VAL;
    }
    Matcher number = NUMBER.matcher(text);
    if (!number.lookingAt()) {
      return 0;
    }
    return number.group(1).isEmpty() ? Long.parseLong(number.group(2)) : NoVal.INFINITE;
  }

  private static void texts(JobDescription asked, JobChanges.Builder changes) {
    changes
        .account(asked.account())
        .adminComment(asked.adminComment())
        .burstBuffer(asked.burstBuffer())
        .clusterFeatures(asked.clusterFeatures())
        .comment(asked.comment())
        .dependency(asked.dependency())
        .excludedNodes(asked.excludedNodes())
        .extra(asked.extra())
        .features(asked.features())
        .prefer(asked.prefer())
        .licenses(asked.licenses())
        .mailUser(asked.mailUser())
        .name(asked.jobName())
        .partitions(asked.partition())
        .qos(asked.qos())
        .requiredNodes(asked.requiredNodes())
        .reservation(asked.reservation())
        .standardError(asked.standardError())
        .standardInput(asked.standardInput())
        .standardOutput(asked.standardOutput())
        .tresPerJob(asked.tresPerJob())
        .tresPerNode(asked.tresPerNode())
        .tresPerSocket(asked.tresPerSocket())
        .tresPerTask(asked.tresPerTask())
        .wckey(asked.wckey())
        .workDir(asked.workDir());
  }

  private static void numbers(
      JobDescription asked, ClusterConfig config, JobChanges.Builder changes) {
    boolean waits = asked.waitForSwitches() != NoVal.NO_VAL;
    long longest = JobDescriptions.longestSwitchWait(config);
    changes
        .beginTime(instant(asked.beginTime()))
        .endTime(instant(asked.endTime()))
        .deadline(instant(asked.deadline()))
        .contiguous(asked.contiguous())
        .coreSpecialization(asked.coreSpec())
        .coresPerSocket(asked.coresPerSocket())
        .cpusPerTask(asked.cpusPerTask())
        .delayBootSeconds(asked.delayBoot())
        .mailType(asked.mailType())
        .maxCpus(asked.maxCpus())
        .maxNodes(asked.maxNodes())
        .minCpus(asked.minCpus())
        .minCpusPerNode(asked.minCpusPerNode())
        .minNodes(asked.minNodes())
        .minTmpDiskMiB(asked.minTemporaryDisk())
        .nice(asked.nice())
        .priority(asked.priority())
        .reboot(asked.reboot() == NoVal.NO_VAL16 ? NO_VAL8 : Math.min(1, asked.reboot()))
        .requeue(asked.requeue())
        .shareMode(asked.shared())
        .siteFactor(asked.siteFactor())
        .socketsPerNode(asked.socketsPerNode())
        .taskCount(asked.numTasks())
        .tasksPerNode(asked.ntasksPerNode())
        .threadsPerCore(asked.threadsPerCore())
        .timeLimitMinutes(asked.timeLimit())
        .timeMinMinutes(asked.timeMin())
        .userId(asked.userId().value() == NOBODY ? NoVal.NO_VAL : asked.userId().value())
        .waitForSwitchesSeconds(waits ? Math.min(asked.waitForSwitches(), longest) : NoVal.NO_VAL)
        .nodeSwitches(asked.requestedSwitches());
  }
}
