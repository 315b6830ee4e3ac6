package baton.importer.map;

import baton.controller.lifecycle.Cron;
import baton.controller.model.BlobId;
import baton.controller.model.CronSchedule;
import baton.controller.model.DependencyExpression;
import baton.controller.model.DependencyTerm;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.query.CronEntries;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedJobDetails;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Makes a job of what slurmctld saved of it; its steps, and what its array has in common, apart.
 */
public final class JobImport {
  /** The script and environment of a job, or of its array; null for one that has none. */
  public record Blobs(BlobId script, BlobId environment) {
    static final Blobs NONE = new Blobs(null, null);
  }

  private final Instant savedAt;
  private final Map<Long, String> qosNames;

  /**
   * @param savedAt when the state was saved
   * @param qosNames names of QOS by their numbers
   */
  JobImport(Instant savedAt, Map<Long, String> qosNames) {
    this.savedAt = savedAt;
    this.qosNames = qosNames;
  }

  /**
   * The job.
   *
   * @throws Unmappable if it cannot be one; the reason follows on "job N"
   */
  Job of(SavedJob saved, Blobs blobs) {
    Job.Builder job = Job.builder();
    JobFacts.take(saved, job);
    JobRequest request = request(saved, blobs);
    boolean waits = (saved.jobState() & 0xff) == JobState.PENDING.value();
    boolean interactive = !request.batch() && !waits;
    return job.request(request)
        .arrayPendingTasks(ArrayFacts.pendingTasks(saved.arrayTasks(), saved.arrayTaskId()))
        .allocation(Allocations.of(saved))
        .dependencySatisfied(request.dependency() == null)
        .expands(expanded(request.dependency()))
        // who waits for it may have been heard last just then
        .clientSeen(interactive && request.responseHost() != null ? savedAt : null)
        .build();
  }

  private JobRequest request(SavedJob saved, Blobs blobs) {
    SavedJobDetails details = saved.details();
    JobRequest.Builder request = JobRequest.builder();
    RequestFacts.take(saved, request);
    DetailFacts.take(details, request);
    Instant begin = Form.TIME.read(details.beginTime());
    boolean later = begin != null && begin.isAfter(savedAt);
    List<CronSchedule> cron = cron(details);
    return request
        .script(blobs.script())
        .environment(blobs.environment())
        .dependency(DependencyItems.words(details))
        .beginTime(later ? begin : null)
        .qos(qosNames.get(saved.qosId()))
        .cron(cron)
        .cronSpecification(cron.isEmpty() ? null : Cron.specification(cron.get(0)))
        .addedEnvironment(
            details.supplementaryEnvironment().stream()
                .filter(variable -> variable != null && variable.indexOf('=') > 0)
                .toList())
        .build();
  }

  private static List<CronSchedule> cron(SavedJobDetails details) {
    if (details.cronEntry() == null || !details.cronEntry().set()) {
      return List.of();
    }
    return List.of(
        CronEntries.schedule(details.cronEntry())
            .filter(Cron::isValid)
            .orElseThrow(() -> new Unmappable("comes from a crontab, at times that are none")));
  }

  private static JobId expanded(String dependency) {
    return DependencyExpression.parse(dependency).terms().stream()
        .filter(term -> term.kind() == DependencyTerm.Kind.EXPAND)
        .map(term -> JobId.of(term.jobId()))
        .findFirst()
        .orElse(JobId.of(0));
  }
}
