package baton.importer.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.importer.Fixture;
import baton.importer.read.StateDirectory;
import baton.importer.read.StateFile;
import baton.importer.read.StateSource;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormats;
import baton.protocol.buffer.WireException;
import baton.protocol.state.ConfigStateLite;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A StateSaveLocation appears whole or not at all, with slurmctld's modes. */
class StateWriterTest {

  @TempDir Path parent;

  private Path empty() throws IOException {
    return Files.createDirectory(
        parent.resolve("state"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
  }

  /** All files of a fixture, written as records, with the modes that slurmctld gave them. */
  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void aWholeDirectory(String label) throws IOException {
    Fixture fixture = Fixture.of(label);
    Path target = empty();
    StateDirectory state = StateDirectory.open(fixture).orElseThrow();
    try (StateWriter writer = new StateWriter(target, state.release())) {
      for (StateFormat<?, ?> format : StateFormats.ALL) {
        copy(state, writer, format);
      }
      for (String path : fixture.paths()) {
        if (path.matches("hash\\.\\d/job\\.\\d+/environment")) {
          JobId job = JobId.of(Long.parseLong(path.replaceFirst(".*/job\\.(\\d+)/.*", "$1")));
          writer.write(job, state.jobFiles(job));
        } else if (path.startsWith("crontab/")) {
          writer.write(path, fixture.bytes(path));
        }
      }
      writer.write(state.clusterName().orElseThrow());
      writer.write(state.dbdMessages());
      assertEquals(0, children(target), "seen before it was committed");
      writer.commit();
    }
    StateSource written = StateSource.of(target);
    assertEquals(fixture.paths(), written.paths());
    for (String path : fixture.paths()) {
      assertArrayEquals(fixture.bytes(path), Files.readAllBytes(target.resolve(path)), path);
    }
    hasModes(label, target);
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    assertEquals(1, children(parent));
  }

  private static void hasModes(String label, Path target) throws IOException {
    JsonNode files =
        new ObjectMapper().readTree(Fixture.ROOT.resolve(label + ".json").toFile()).get("files");
    for (JsonNode file : files) {
      Set<PosixFilePermission> mode =
          Files.getPosixFilePermissions(target.resolve(file.get("path").asText()));
      assertEquals(file.get("mode").asText(), octal(mode), file.get("path").asText());
    }
  }

  private static String octal(Set<PosixFilePermission> mode) {
    String bits = PosixFilePermissions.toString(mode).replaceAll("[rwx]", "1").replace('-', '0');
    return Integer.toOctalString(Integer.parseInt(bits, 2));
  }

  private static <H, R> void copy(
      StateDirectory state, StateWriter writer, StateFormat<H, R> format) throws IOException {
    StateFile<H, R> file = state.read(format);
    if (file.header().isPresent()) {
      writer.write(
          format,
          file.header().get(),
          out -> {
            for (R record : file.records()) {
              out.write(record);
            }
          });
    }
  }

  private static long children(Path directory) throws IOException {
    try (Stream<Path> held = Files.list(directory)) {
      return held.count();
    }
  }

  @Test
  void nothingIsLeftOfWhatWasNotCommitted() throws IOException {
    Path target = empty();
    try (StateWriter writer = new StateWriter(target, Release.V24_11)) {
      writer.write("crontab/crontab.2001", new byte[] {1});
      assertEquals(2, children(parent));
    }
    assertEquals(1, children(parent));
    assertEquals(0, children(target));
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws IOException {
    Path target = empty();
    Files.createFile(target.resolve("job_state"));
    assertThrows(
        DirectoryNotEmptyException.class, () -> new StateWriter(target, Release.V24_11).close());
    Files.delete(target.resolve("job_state"));
    try (StateWriter writer = new StateWriter(target, Release.V24_11)) {
      Files.createFile(target.resolve("job_state"));
      assertThrows(DirectoryNotEmptyException.class, writer::commit);
    }
    assertEquals(1, children(parent));
    assertTrue(Files.exists(target.resolve("job_state")));
  }

  @Test
  void pathsStayBelow() throws IOException {
    try (StateWriter writer = new StateWriter(empty(), Release.V24_11)) {
      assertThrows(
          IllegalArgumentException.class, () -> writer.write("../elsewhere", new byte[] {1}));
    }
    assertEquals(1, children(parent));
  }

  @Test
  void aFileThatIsAHeaderTakesNoRecord() throws IOException {
    try (StateWriter writer = new StateWriter(empty(), Release.V24_11)) {
      assertThrows(
          WireException.class,
          () -> writer.write(StateFormats.CONFIG, ConfigStateLite.DEFAULT, out -> out.write(null)));
    }
  }
}
