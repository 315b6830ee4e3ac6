package baton.protocol.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a schema directory: {@code releases.json}, layouts by directory, tables of messages. */
public final class SchemaReader {

  private static final Set<String> TYPE_KEYS =
      Set.of(
          "type",
          "number",
          "versions",
          "layout",
          "direction",
          "replies",
          "privilege",
          "doc",
          "source");
  private static final Set<String> PRIVILEGES =
      Set.of("anyone", "user", "owner", "operator", "admin", "slurm");

  private final Path root;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Layout> layouts = new ArrayList<>();
  private final List<MessageType> types = new ArrayList<>();
  private Releases releases;

  private SchemaReader(Path root) {
    this.root = root;
  }

  /**
   * Reads all of {@code root}.
   *
   * @param layoutDirectories names of directories below it that hold layouts
   * @param tableDirectory name of the one that holds tables of message types
   * @throws SchemaException naming every fault that reading finds; {@link SchemaCheck} finds more
   */
  public static Schema read(Path root, List<String> layoutDirectories, String tableDirectory)
      throws IOException {
    SchemaReader reader = new SchemaReader(root);
    reader.readReleases();
    for (String directory : layoutDirectories) {
      reader.readDirectory(directory, reader::readLayouts);
    }
    reader.readDirectory(tableDirectory, reader::readTypes);
    if (!reader.problems.isEmpty()) {
      throw new SchemaException(reader.problems);
    }
    return new Schema(reader.releases, reader.layouts, reader.types);
  }

  private interface FileReader {
    void read(String file, List<JsonNode> objects);
  }

  private void readReleases() throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (JsonNode node : JsonFile.objects(root.resolve("releases.json"))) {
        JsonFile.onlyKeys(node, Set.of("release", "protocol", "doc"));
        names.add(JsonFile.required(node, "release"));
      }
      releases = new Releases(names);
    } catch (IllegalArgumentException e) {
      throw new SchemaException(List.of(new Problem("releases.json", "", "", e.getMessage())));
    }
  }

  private void readDirectory(String name, FileReader reader) throws IOException {
    Path directory = root.resolve(name);
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
    for (Path path : files) {
      String file = root.relativize(path).toString().replace('\\', '/');
      try {
        reader.read(file, JsonFile.objects(path));
      } catch (IllegalArgumentException e) {
        problems.add(new Problem(file, "", "", e.getMessage()));
      }
    }
  }

  private void readLayouts(String file, List<JsonNode> objects) {
    LayoutReader reader = new LayoutReader(releases, file, problems);
    for (JsonNode node : objects) {
      Layout layout = reader.read(node);
      if (layout != null) {
        layouts.add(layout);
      }
    }
  }

  private void readTypes(String file, List<JsonNode> objects) {
    for (JsonNode node : objects) {
      String name = node.path("type").asText("");
      try {
        types.add(type(file, node));
      } catch (IllegalArgumentException e) {
        problems.add(new Problem(file, name, "", e.getMessage()));
      }
    }
  }

  private MessageType type(String file, JsonNode node) {
    JsonFile.onlyKeys(node, TYPE_KEYS);
    JsonNode number = node.get("number");
    if (number == null || !number.isInt() || number.intValue() < 0 || number.intValue() > 0xffff) {
      throw new IllegalArgumentException("\"number\" must be 0 to 65535");
    }
    String versions = JsonFile.text(node, "versions");
    ReleaseSet set = versions == null ? releases.all() : releases.parse(versions);
    String direction = JsonFile.text(node, "direction");
    int arrow = direction == null ? -1 : direction.indexOf("->");
    if (direction != null && arrow < 1) {
      throw new IllegalArgumentException("\"direction\" must be like client->ctld");
    }
    String privilege = JsonFile.text(node, "privilege");
    if (privilege != null && !PRIVILEGES.contains(privilege)) {
      throw new IllegalArgumentException("unknown privilege \"" + privilege + "\"");
    }
    return new MessageType(
        JsonFile.required(node, "type"),
        file,
        number.intValue(),
        set,
        bodies(node.get("layout"), set),
        arrow < 0 ? "" : direction.substring(0, arrow).trim(),
        arrow < 0 ? "" : direction.substring(arrow + 2).trim(),
        List.copyOf(JsonFile.texts(node, "replies")),
        privilege == null ? "" : privilege,
        JsonFile.required(node, "doc"));
  }

  private Map<ReleaseSet, String> bodies(JsonNode layout, ReleaseSet set) {
    Map<ReleaseSet, String> bodies = new LinkedHashMap<>();
    if (layout == null) {
      return bodies;
    }
    if (layout.isTextual()) {
      bodies.put(set, layout.textValue());
      return bodies;
    }
    if (!layout.isObject()) {
      throw new IllegalArgumentException("\"layout\" must be a name, or names by versions");
    }
    ReleaseSet seen = new ReleaseSet(0);
    for (Map.Entry<String, JsonNode> entry : layout.properties()) {
      ReleaseSet part = releases.parse(entry.getKey());
      if (part.overlaps(seen)) {
        throw new IllegalArgumentException("versions of \"layout\" overlap");
      }
      seen = seen.or(part);
      if (!part.and(set).isEmpty()) {
        bodies.put(part.and(set), entry.getValue().asText());
      }
    }
    return bodies;
  }
}
