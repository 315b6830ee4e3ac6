package baton.importer.map;

import baton.controller.model.Job;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedJobDetails;
import java.util.Objects;

/** Makes of a job, and of what slurmctld had saved of it, what slurmctld is to load. */
final class JobExport {
  private JobExport() {}

  /** The record as it was but for what has changed. */
  static SavedJob of(Job now, SavedJob was) {
    SavedJob.Builder saved = was.toBuilder();
    RequestFacts.update(now.request(), was, saved);
    JobFacts.update(now, was, saved);
    if (!Objects.equals(now.request().dependency(), DependencyItems.words(was.details()))) {
      SavedJobDetails.Builder details = saved.details().toBuilder();
      DependencyItems.update(now.request().dependency(), details);
      saved.details(details.build());
    }
    return saved.build();
  }
}
