package baton.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.importer.read.Contradictions;
import baton.importer.read.StateDirectory;
import baton.importer.read.StateFile;
import baton.importer.read.StateFiles;
import baton.importer.state.DbdMessages;
import baton.importer.state.Fault;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormats;
import baton.importer.write.RecordWriter;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.type.Bytes;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Ten thousand copies of what slurmctlds left behind, each damaged in one file: cut off, bits
 * flipped, or another file in its place. None ends in an exception, and where no fault was told,
 * ids stand there once and all that jobs refer to exists.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class DamagedCopiesTest {

  private static final int COPIES = 10_000;
  private static final int BLOCK = 128;
  private static final long SEED = 20_260_523L;

  /** Two triggers in each release, and messages: one in 22.05, two in each other. */
  private static final int UNHEARD = 3 * 2 + 1 + 2 + 2;

  private int copies;
  private int told;

  /** An undamaged fixture, and what is read of it. */
  private record Whole(
      String release,
      Fixture fixture,
      List<String> packed,
      StateFile<JobStateHeader, SavedJob> jobs) {}

  private static Whole whole(String release) {
    Fixture fixture = Fixture.of(release);
    StateDirectory state = StateDirectory.open(fixture).orElseThrow();
    List<String> packed =
        StateFormats.ALL.stream()
            .map(StateFormat::fileName)
            .filter(fixture.paths()::contains)
            .toList();
    return new Whole(release, fixture, packed, state.read(StateFormats.JOBS));
  }

  @Test
  void whatIsWholeContradictsNothing() {
    for (String release : Fixture.RELEASES) {
      Whole whole = whole(release);
      assertEquals(List.of(), inspect(whole, whole.fixture, "job_state", "").faults, release);
    }
  }

  /**
   * Cut off between two records or messages. No other file tells of triggers, nor of what waits for
   * slurmdbd: these, and only these, look whole.
   */
  @Test
  void onlyTriggersAndMessagesAreLostUnheard() throws IOException {
    Set<String> unheard = new TreeSet<>();
    Set<String> expected = new TreeSet<>();
    int cuts = 0;
    for (String release : Fixture.RELEASES) {
      Whole whole = whole(release);
      for (String path : whole.fixture.paths()) {
        List<Integer> ends = ends(whole.fixture, path);
        for (int i = 0; i < ends.size(); i++) {
          cuts++;
          String name = release + " " + path + " after " + i;
          Fixture copy = cut(whole, path, ends.get(i));
          if (inspect(whole, copy, path, name).faults.isEmpty()) {
            unheard.add(name);
          }
          if (path.equals("trigger_state") || path.equals(DbdMessages.FILE)) {
            expected.add(name);
          }
        }
      }
    }
    assertEquals(expected, unheard);
    assertEquals(UNHEARD, unheard.size());
    assertTrue(cuts > 150, "only " + cuts + " cuts");
  }

  /** Where a file could end and still be whole records; not its own end. */
  private static List<Integer> ends(Fixture fixture, String path) throws IOException {
    StateDirectory state = StateDirectory.open(fixture).orElseThrow();
    List<Integer> ends = new ArrayList<>();
    if (path.equals(DbdMessages.FILE)) {
      DbdMessages all = state.dbdMessages();
      for (int i = 0; i < all.messages().size(); i++) {
        List<Bytes> some = all.messages().subList(0, i);
        ends.add(new DbdMessages(all.protocolVersion(), some).bytes().length);
      }
    }
    for (StateFormat<?, ?> format : StateFormats.ALL) {
      if (format.fileName().equals(path)) {
        ends.addAll(ends(state, format));
      }
    }
    return ends;
  }

  private static <H, R> List<Integer> ends(StateDirectory state, StateFormat<H, R> format)
      throws IOException {
    StateFile<H, R> file = state.read(format);
    List<Integer> ends = new ArrayList<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RecordWriter<H, R> writer =
        new RecordWriter<>(format, file.header().orElseThrow(), file.release().orElseThrow(), out);
    for (R record : file.records()) {
      writer.flush();
      ends.add(out.size());
      writer.write(record);
    }
    return ends;
  }

  private static Fixture cut(Whole whole, String path, int end) {
    return whole.fixture.with(path, Arrays.copyOf(whole.fixture.bytes(path), end));
  }

  @Test
  void noDamageGoesUnheard() {
    List<Whole> wholes = Fixture.RELEASES.stream().map(DamagedCopiesTest::whole).toList();
    for (Whole whole : wholes) {
      cutOff(whole);
      wholes.forEach(other -> swapped(whole, other));
    }
    int structural = copies;
    Random random = new Random(SEED);
    while (copies < COPIES) {
      flipped(wholes.get(copies % wholes.size()), random);
    }
    assertTrue(structural > 1_500, "only " + structural + " copies cut off and swapped");
    assertTrue(told > COPIES / 4, "only " + told + " copies had a fault told");
  }

  /** At every block of the larger files, at every byte of the smallest. */
  private void cutOff(Whole whole) {
    for (String path : whole.fixture.paths()) {
      byte[] bytes = whole.fixture.bytes(path);
      int step = bytes.length <= BLOCK ? 1 + bytes.length / 16 : BLOCK;
      for (int end = 0; end < bytes.length; end += step) {
        Fixture copy = cut(whole, path, end);
        List<SavedJob> jobs = inspect(whole, copy, path, "cut off at " + end).jobs;
        List<SavedJob> before = whole.jobs.records();
        assertEquals(before.subList(0, jobs.size()), jobs, path + " cut off at " + end);
      }
    }
  }

  private void swapped(Whole whole, Whole other) {
    for (String path : whole.packed) {
      for (String from : other.packed) {
        if (whole.release.equals(other.release) != path.equals(from)) {
          Fixture copy = whole.fixture.with(path, other.fixture.bytes(from));
          inspect(whole, copy, path, from + " of " + other.release);
        }
      }
    }
  }

  private void flipped(Whole whole, Random random) {
    List<String> paths = List.copyOf(whole.fixture.paths());
    boolean packed = random.nextInt(8) != 0;
    List<String> among = packed ? whole.packed : paths;
    String path = among.get(random.nextInt(among.size()));
    byte[] bytes = whole.fixture.bytes(path);
    int flips = 1 + random.nextInt(4);
    for (int i = 0; i < flips && bytes.length > 0; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    inspect(whole, whole.fixture.with(path, bytes), path, "flipped, copy " + copies);
  }

  /** Reads what may have changed, and judges it; gives the jobs. */
  /** What a copy yields. */
  private record Read(List<SavedJob> jobs, List<Fault> faults) {}

  private Read inspect(Whole whole, Fixture copy, String path, String damage) {
    copies++;
    StateDirectory state = StateDirectory.open(copy).orElseThrow();
    StateFile<JobStateHeader, SavedJob> jobs =
        path.equals("job_state") ? state.read(StateFormats.JOBS) : whole.jobs;
    StateFiles files = StateFiles.read(state);
    readOther(state, path);
    Contradictions check = new Contradictions(files, state.release(), state.paths());
    jobs.records().forEach(check::accept);
    List<Fault> faults = new ArrayList<>(state.faults());
    faults.addAll(check.end(jobs.header().orElse(JobStateHeader.DEFAULT)));
    told += faults.isEmpty() ? 0 : 1;
    if (faults.isEmpty()) {
      String place = whole.release + " " + path + " " + damage;
      assertEquals(List.of(), References.dangling(jobs.records(), files, copy.paths()), place);
    }
    return new Read(jobs.records(), faults);
  }

  /** What {@link StateFiles} does not hold. */
  private static void readOther(StateDirectory state, String path) {
    if (path.startsWith("hash.")) {
      state.jobFiles(JobId.of(Long.parseLong(path.replaceFirst(".*/job\\.(\\d+)/.*", "$1"))));
    } else if (path.startsWith(JobFiles.CRONTABS)) {
      state.crontab(Uid.of(Long.parseLong(path.substring(JobFiles.CRONTABS.length()))));
    } else if (path.equals(DbdMessages.FILE)) {
      state.dbdMessages();
    }
    for (StateFormat<?, ?> format :
        List.of(
            StateFormats.CONFIG,
            StateFormats.FEDERATION,
            StateFormats.DECAY,
            StateFormats.HEARTBEAT)) {
      if (format.fileName().equals(path)) {
        state.read(format);
      }
    }
  }
}
