package baton.protocol.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the JSON of schemas, strictly but for comments. Fails with IllegalArgumentException. */
final class JsonFile {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFile() {}

  /** The objects of a file that holds one, or an array of them. */
  static List<JsonNode> objects(Path file) throws IOException {
    JsonNode root;
    try {
      root = MAPPER.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw new IllegalArgumentException("not JSON" + place + ": " + e.getOriginalMessage(), e);
    }
    List<JsonNode> objects = new ArrayList<>();
    if (root.isArray()) {
      root.forEach(objects::add);
    } else {
      objects.add(root);
    }
    if (!objects.stream().allMatch(JsonNode::isObject)) {
      throw new IllegalArgumentException("holds something else than objects");
    }
    return objects;
  }

  static void onlyKeys(JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new IllegalArgumentException("unknown key \"" + key + "\"");
              }
            });
  }

  /** A string; null if absent. */
  static String text(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("\"" + key + "\" must be a string");
    }
    return value.textValue();
  }

  /** A string that must be there. */
  static String required(JsonNode node, String key) {
    String text = text(node, key);
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("\"" + key + "\" is missing");
    }
    return text;
  }

  /** Strings; none if absent. */
  static List<String> texts(JsonNode node, String key) {
    JsonNode value = node.get(key);
    List<String> texts = new ArrayList<>();
    if (value == null) {
      return texts;
    }
    for (JsonNode item : value) {
      if (!item.isTextual()) {
        throw new IllegalArgumentException("\"" + key + "\" must hold strings");
      }
      texts.add(item.textValue());
    }
    if (!value.isArray()) {
      throw new IllegalArgumentException("\"" + key + "\" must be an array");
    }
    return texts;
  }
}
