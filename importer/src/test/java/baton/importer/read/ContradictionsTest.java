package baton.importer.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.importer.Fixture;
import baton.importer.state.Fault;
import baton.importer.state.StateFormats;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.type.JobId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each kind of contradiction, made in an undamaged state by hand, is told in its own words. */
class ContradictionsTest {

  private static final Fixture FIXTURE = Fixture.of("24.11");

  private static List<String> with(long id, UnaryOperator<SavedJob.Builder> change) {
    StateDirectory state = StateDirectory.open(FIXTURE).orElseThrow();
    StateFile<JobStateHeader, SavedJob> file = state.read(StateFormats.JOBS);
    return found(
        state,
        file.header().orElseThrow(),
        file.records().stream()
            .map(job -> job.jobId().value() == id ? change.apply(job.toBuilder()).build() : job)
            .toList());
  }

  private static List<String> found(
      StateDirectory state, JobStateHeader header, List<SavedJob> jobs) {
    Contradictions check =
        new Contradictions(StateFiles.read(state), state.release(), state.paths());
    jobs.forEach(check::accept);
    assertEquals(List.of(), state.faults());
    return check.end(header).stream().map(Fault::toString).toList();
  }

  private static void one(String expected, List<String> found) {
    assertEquals(List.of(expected), found);
  }

  @Test
  void reservations() {
    one(
        "job_state: job 43 is in reservation number 7, which does not exist",
        with(43, job -> job.reservationId(7)));
    one(
        "job_state: job 43 is in reservation maintenance, but by number in 2",
        with(43, job -> job.reservationId(2)));
    one(
        "job_state: job 43 is in reservation spring, which does not exist",
        with(43, job -> job.reservation("maintenance,spring")));
  }

  @Test
  void accounting() {
    one(
        "job_state: job 43 is of association 70, which does not exist",
        with(43, job -> job.associationId(70)));
    one(
        "job_state: job 43 is of account physics, but its association 5 of chemistry",
        with(43, job -> job.associationId(5)));
    one("job_state: job 43 is of QOS 9, which does not exist", with(43, job -> job.qosId(9)));
  }

  @Test
  void heterogeneousJobs() {
    one(
        "job_state: job 9 leads job 10, which is no component of it",
        with(10, job -> job.hetJobId(JobId.of(0)).hetJobIdSet(null)));
    one(
        "job_state: job 10 names other components than those of its leader 9",
        with(10, job -> job.hetJobIdSet("9-11")));
    assertTrue(
        with(10, job -> job.hetJobId(JobId.of(30)))
            .contains("job_state: job 30 leads a heterogeneous job, and does not exist"));
  }

  @Test
  void arrays() {
    one(
        "job_state: job 8 stands for task 7, which has a record of its own",
        with(17, job -> job.arrayTaskId(7)));
    one("job_state: job 17 is task 4, which another job is", with(17, job -> job.arrayTaskId(4)));
    assertTrue(
        with(17, job -> job.arrayJobId(JobId.of(30)))
            .contains("job_state: job 30 is an array that has tasks, and no record of its own"));
  }

  @Test
  void stepsInsideTheirJobs() {
    one("job_state: job 6 has step 1, and the next is 0", with(6, job -> job.nextStepId(0)));
    assertTrue(
        with(5, job -> job.nodes("n2"))
            .contains("job_state: job 5 has step 0 on node n1, which it does not hold"));
  }

  @Test
  void theCounterOfIds() {
    StateDirectory state = StateDirectory.open(FIXTURE).orElseThrow();
    StateFile<JobStateHeader, SavedJob> file = state.read(StateFormats.JOBS);
    JobStateHeader low = file.header().orElseThrow().toBuilder().lastJobId(JobId.of(44)).build();
    one(
        "job_state: job 45 is above the last id given, which is 44",
        found(state, low, file.records()));
    List<SavedJob> begunAgain =
        file.records().stream()
            .map(
                job ->
                    job.jobId().value() < 45
                        ? job
                        : job.toBuilder()
                            .details(job.details().toBuilder().submitTime(1_000_000).build())
                            .build())
            .toList();
    assertEquals(List.of(), found(state, low, begunAgain));
  }

  @Test
  void theNameAndTheNumberOfTheCluster() {
    for (String text : List.of("state2411", "state2411|371", "state241|3718")) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      StateDirectory state = StateDirectory.open(FIXTURE.with("clustername", bytes)).orElseThrow();
      StateFile<JobStateHeader, SavedJob> file = state.read(StateFormats.JOBS);
      List<String> found = found(state, file.header().orElseThrow(), file.records());
      assertEquals(1, found.size(), found::toString);
      assertTrue(found.get(0).startsWith("clustername: "), found::toString);
    }
  }
}
