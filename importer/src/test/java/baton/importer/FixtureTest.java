package baton.importer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.importer.read.StateDirectory;
import baton.importer.read.StateFile;
import baton.importer.state.ClusterName;
import baton.importer.state.DbdMessages;
import baton.importer.state.Fault;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormats;
import baton.importer.write.RecordWriter;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What real slurmctlds left behind, read and written again in the same release: every byte of every
 * file. docs/reference/state-files.md holds what comes of it.
 */
class FixtureTest {

  private static final Path REFERENCE = Path.of("../docs/reference/state-files.md");

  /** What a file of the state holds, and whether it came out as it went in. */
  private record Found(long bytes, long records, boolean identical) {}

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void everyFileComesOutAsItWentIn(String label) throws IOException {
    Map<String, Found> found = found(label);
    assertTrue(found.size() >= 15, found.keySet().toString());
    found.forEach((file, what) -> assertTrue(what.identical, label + " " + file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void theFilesAreThoseThatWereRecorded(String label) throws Exception {
    JsonNode told =
        new ObjectMapper().readTree(Fixture.ROOT.resolve(label + ".json").toFile()).get("files");
    Fixture fixture = Fixture.of(label);
    assertEquals(fixture.paths().size(), told.size());
    for (JsonNode file : told) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(fixture.bytes(file.get("path").asText()));
      assertEquals(file.get("sha256").asText(), HexFormat.of().formatHex(hash));
    }
  }

  /** The table of the reference is what is found here. */
  @Test
  void theReferenceSaysSo() throws IOException {
    Map<String, Map<String, Found>> found = new TreeMap<>();
    Set<String> files = new TreeSet<>();
    for (String label : Fixture.RELEASES) {
      found.put(label, found(label));
      files.addAll(found.get(label).keySet());
    }
    StringBuilder table = new StringBuilder("| file |");
    Fixture.RELEASES.forEach(label -> table.append(" ").append(label).append(" |"));
    table.append("\n|---|").append("---|".repeat(Fixture.RELEASES.size())).append("\n");
    for (String file : files) {
      table.append("| `").append(file).append("` |");
      for (String label : Fixture.RELEASES) {
        Found what = found.get(label).get(file);
        table.append(what == null ? " - |" : cell(what));
      }
      table.append("\n");
    }
    Files.writeString(Path.of("target/state-files-table.md"), table);
    assertTrue(
        Files.readString(REFERENCE).contains(table),
        "the table of " + REFERENCE + " should be that of importer/target/state-files-table.md");
  }

  private static String cell(Found what) {
    return " " + what.bytes + " / " + what.records + " / " + (what.identical ? "yes |" : "no |");
  }

  private static Map<String, Found> found(String label) throws IOException {
    Fixture fixture = Fixture.of(label);
    StateDirectory state = StateDirectory.open(fixture).orElseThrow();
    assertEquals(label, state.release().label());
    Map<String, Found> found = new TreeMap<>();
    for (StateFormat<?, ?> format : StateFormats.ALL) {
      if (fixture.paths().contains(format.fileName())) {
        found.put(format.fileName(), again(fixture, state, format));
      }
    }
    for (String path : fixture.paths()) {
      if (!found.containsKey(path)) {
        other(fixture, state, path, (kind, what) -> found.merge(kind, what, FixtureTest::sum));
      }
    }
    assertEquals(List.of(), state.faults(), label);
    return found;
  }

  private static Found sum(Found one, Found other) {
    return new Found(
        one.bytes + other.bytes, one.records + other.records, one.identical && other.identical);
  }

  private static <H, R> Found again(Fixture fixture, StateDirectory state, StateFormat<H, R> format)
      throws IOException {
    StateFile<H, R> file = state.read(format);
    assertEquals(List.of(), state.faults());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Release release = file.release().orElseThrow();
    RecordWriter<H, R> writer =
        new RecordWriter<>(format, file.header().orElseThrow(), release, out);
    for (R record : file.records()) {
      writer.write(record);
    }
    writer.flush();
    byte[] before = fixture.bytes(format.fileName());
    assertArrayEquals(before, out.toByteArray(), format.fileName());
    return new Found(before.length, file.count(), true);
  }

  /** Files without a packed layout; scripts and environments are told as one line each. */
  private static void other(
      Fixture fixture, StateDirectory state, String path, BiConsumer<String, Found> found) {
    byte[] before = fixture.bytes(path);
    List<Fault> faults = new ArrayList<>();
    if (path.equals(ClusterName.FILE)) {
      byte[] after = state.clusterName().orElseThrow().bytes();
      found.accept(path, compared(before, after, 1));
    } else if (path.equals(DbdMessages.FILE)) {
      DbdMessages messages = state.dbdMessages();
      found.accept(path, compared(before, messages.bytes(), messages.messages().size()));
    } else if (path.startsWith("hash.")) {
      JobId job = JobId.of(Long.parseLong(path.replaceFirst(".*/job\\.(\\d+)/.*", "$1")));
      JobFiles files = state.jobFiles(job);
      boolean script = path.equals(JobFiles.scriptPath(job));
      byte[] after =
          script
              ? JobFiles.scriptFile(files.script().orElseThrow())
              : JobFiles.environmentFile(files.environment().orElseThrow());
      assertTrue(script || path.equals(JobFiles.environmentPath(job)), path);
      found.accept("hash.D/job.ID/" + path.replaceFirst(".*/", ""), compared(before, after, 1));
    } else {
      assertTrue(path.startsWith("crontab/crontab."), path + " is of no known kind");
      byte[] after = JobFiles.scriptFile(JobFiles.parseScript(path, before, faults).orElseThrow());
      found.accept("crontab/crontab.UID", compared(before, after, 1));
    }
    assertEquals(List.of(), faults);
  }

  private static Found compared(byte[] before, byte[] after, long records) {
    assertArrayEquals(before, after);
    return new Found(before.length, records, true);
  }
}
