package baton.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.importer.read.Contradictions;
import baton.importer.read.StateDirectory;
import baton.importer.read.StateFile;
import baton.importer.state.Fault;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormats;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.NodeStateHeader;
import baton.protocol.state.PartitionStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand copies of what slurmctlds left behind, each damaged in one file: cut off, bits
 * flipped, or another file in its place. None ends in an exception, and where no fault was told,
 * ids of jobs and names of nodes stand there once and the partitions of jobs exist. Reservations,
 * associations and QOS of jobs are not compared.
 */
class DamagedCopiesTest {

  private static final int COPIES = 10_000;
  private static final int BLOCK = 128;
  private static final long SEED = 20_260_523L;

  private int copies;
  private int told;

  /** An undamaged fixture, and what is read of it. */
  private record Whole(
      String release,
      Fixture fixture,
      List<String> packed,
      StateFile<JobStateHeader, SavedJob> jobs,
      StateFile<NodeStateHeader, SavedNode> nodes,
      StateFile<PartitionStateHeader, SavedPartition> partitions) {}

  private static Whole whole(String release) {
    Fixture fixture = Fixture.of(release);
    StateDirectory state = StateDirectory.open(fixture).orElseThrow();
    List<String> packed =
        StateFormats.ALL.stream()
            .map(StateFormat::fileName)
            .filter(fixture.paths()::contains)
            .toList();
    return new Whole(
        release,
        fixture,
        packed,
        state.read(StateFormats.JOBS),
        state.read(StateFormats.NODES),
        state.read(StateFormats.PARTITIONS));
  }

  @Test
  void whatIsWholeContradictsNothing() {
    for (String release : Fixture.RELEASES) {
      Whole whole = whole(release);
      Contradictions check =
          new Contradictions(whole.nodes, whole.partitions, whole.fixture.paths());
      whole.jobs.records().forEach(check::accept);
      assertEquals(List.of(), check.end(whole.jobs.header().orElseThrow()), release);
    }
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
        Fixture copy = whole.fixture.with(path, Arrays.copyOf(bytes, end));
        List<SavedJob> jobs = inspect(whole, copy, path, "cut off at " + end);
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
  private List<SavedJob> inspect(Whole whole, Fixture copy, String path, String damage) {
    copies++;
    StateDirectory state = StateDirectory.open(copy).orElseThrow();
    StateFile<JobStateHeader, SavedJob> jobs = whole.jobs;
    StateFile<NodeStateHeader, SavedNode> nodes = whole.nodes;
    StateFile<PartitionStateHeader, SavedPartition> partitions = whole.partitions;
    switch (path) {
      case "job_state" -> jobs = state.read(StateFormats.JOBS);
      case "node_state" -> nodes = state.read(StateFormats.NODES);
      case "part_state" -> partitions = state.read(StateFormats.PARTITIONS);
      case "clustername" -> state.clusterName();
      case "dbd.messages" -> state.dbdMessages();
      default -> readOther(state, path);
    }
    Contradictions check = new Contradictions(nodes, partitions, copy.paths());
    jobs.records().forEach(check::accept);
    List<Fault> faults = new ArrayList<>(state.faults());
    faults.addAll(check.end(jobs.header().orElse(JobStateHeader.DEFAULT)));
    told += faults.isEmpty() ? 0 : 1;
    if (faults.isEmpty()) {
      agree(jobs.records(), nodes, partitions, whole.release + " " + path + " " + damage);
    }
    return jobs.records();
  }

  private static void readOther(StateDirectory state, String path) {
    if (path.startsWith("hash.")) {
      state.jobFiles(JobId.of(Long.parseLong(path.replaceFirst(".*/job\\.(\\d+)/.*", "$1"))));
      return;
    }
    for (StateFormat<?, ?> format : StateFormats.ALL) {
      if (format.fileName().equals(path)) {
        state.read(format);
      }
    }
  }

  /** Where no fault was told: ids are there once, and all that is named exists. */
  private static void agree(
      List<SavedJob> jobs,
      StateFile<NodeStateHeader, SavedNode> nodes,
      StateFile<PartitionStateHeader, SavedPartition> partitions,
      String place) {
    Set<JobId> ids = jobs.stream().map(SavedJob::jobId).collect(Collectors.toSet());
    assertEquals(jobs.size(), ids.size(), place);
    Set<String> known = new HashSet<>();
    partitions.records().forEach(partition -> known.add(partition.name()));
    for (SavedJob job : jobs) {
      for (String partition : job.partition().split(",", -1)) {
        assertTrue(known.contains(partition), place + ": partition " + partition);
      }
    }
    int named =
        nodes.records().stream().map(SavedNode::nodeName).collect(Collectors.toSet()).size();
    assertEquals(named, nodes.records().size(), place);
  }
}
