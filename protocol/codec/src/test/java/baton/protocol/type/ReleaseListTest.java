package baton.protocol.type;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The enum of releases and the schema's list of them say the same. */
class ReleaseListTest {

  private static final Pattern ENTRY =
      Pattern.compile("\"release\": *\"([0-9.]+)\", *\"protocol\": *([0-9]+)");

  @Test
  void theEnumIsTheSchemasList() throws IOException {
    Matcher entries = ENTRY.matcher(Files.readString(Path.of("src/main/schema/releases.json")));
    List<String> listed = new ArrayList<>();
    while (entries.find()) {
      listed.add(entries.group(1) + " " + entries.group(2));
    }
    List<String> known = new ArrayList<>();
    for (Release release : Release.values()) {
      known.add(release.label() + " " + release.protocolVersion());
    }
    assertEquals(known, listed);
  }
}
