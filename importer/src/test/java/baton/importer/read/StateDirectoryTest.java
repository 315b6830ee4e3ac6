package baton.importer.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.importer.Fixture;
import baton.importer.state.Fault;
import baton.importer.state.StateFormats;
import baton.importer.write.RecordWriter;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read when files are missing, mixed, or large. */
class StateDirectoryTest {

  @Test
  void thePreviousGenerationUpTo2411() {
    Fixture fixture = Fixture.of("24.11");
    byte[] jobs = fixture.bytes("job_state");
    StateDirectory state = open(fixture.with("job_state", null).with("job_state.old", jobs));
    StateFile<JobStateHeader, SavedJob> file = state.read(StateFormats.JOBS);
    assertEquals("job_state.old", file.path());
    assertTrue(file.count() > 0);
    assertEquals(
        List.of(Fault.of("job_state", "is missing; job_state.old is read instead")),
        state.faults());
  }

  @Test
  void noPreviousGenerationFrom2505() {
    Fixture fixture = Fixture.of("26.05");
    byte[] jobs = fixture.bytes("job_state");
    StateDirectory state = open(fixture.with("job_state", null).with("job_state.old", jobs));
    StateFile<JobStateHeader, SavedJob> file = state.read(StateFormats.JOBS);
    assertEquals(Optional.empty(), file.header());
    assertEquals(1, state.faults().size());
  }

  @Test
  void whatAnInterruptedSaveLeftIsNotRead() {
    Fixture fixture = Fixture.of("22.05");
    StateDirectory state = open(fixture.with("job_state.new", new byte[] {1, 2, 3}));
    assertTrue(state.read(StateFormats.JOBS).count() > 0);
    assertEquals(List.of(), state.faults());
  }

  @Test
  void aFileOfAnotherReleaseIsTold() {
    Fixture old = Fixture.of("22.05");
    StateDirectory state = open(Fixture.of("26.05").with("qos_usage", old.bytes("qos_usage")));
    assertEquals(Release.V26_05, state.release());
    assertEquals(3, state.read(StateFormats.QOS_USAGE).count());
    assertEquals(
        List.of(Fault.of("qos_usage", "is of release 22.05 among those of 26.05")), state.faults());
  }

  @Test
  void aDirectoryOfNothingKnown(@TempDir Path empty) {
    assertEquals(Optional.empty(), StateDirectory.open(StateSource.of(empty)));
  }

  /** A file of many megabytes goes through a window of a few, one job in memory at a time. */
  @Test
  void manyJobsOneByOne(@TempDir Path directory) throws IOException {
    Fixture fixture = Fixture.of("24.11");
    StateFile<JobStateHeader, SavedJob> few = open(fixture).read(StateFormats.JOBS);
    Path file = directory.resolve("job_state");
    int rounds = 200;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      RecordWriter<JobStateHeader, SavedJob> writer =
          new RecordWriter<>(StateFormats.JOBS, few.header().orElseThrow(), Release.V24_11, out);
      for (int round = 0; round < rounds; round++) {
        for (SavedJob job : few.records()) {
          writer.write(job.toBuilder().jobId(JobId.of(1000L * (round + 1))).build());
        }
      }
      writer.flush();
    }
    long jobs = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        RecordReader<JobStateHeader, SavedJob> reader =
            new RecordReader<>(StateFormats.JOBS, "job_state", in, Release.V24_11)) {
      for (SavedJob job = reader.next(); job != null; job = reader.next()) {
        assertEquals(1000L * (jobs / few.count() + 1), job.jobId().value());
        jobs++;
      }
      assertEquals(Optional.empty(), reader.fault());
    }
    assertEquals(rounds * few.count(), jobs);
  }

  private static StateDirectory open(Fixture fixture) {
    return StateDirectory.open(fixture).orElseThrow();
  }
}
