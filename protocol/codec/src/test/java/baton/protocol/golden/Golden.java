package baton.protocol.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.MessageType;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import baton.protocol.wire.MessageCodec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One recorded message: see docs/engineer/goldens.md.
 *
 * @param name its path below the directory of goldens
 * @param type as the recorder names it
 */
record Golden(String name, Release release, String type, int number, Bytes body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static final Path DIRECTORY = Path.of("src/test/golden");

  /** All of them, in the order of their names. */
  static List<Golden> all() {
    return Stream.of(Release.values()).flatMap(release -> of(release).stream()).toList();
  }

  static List<Golden> of(Release release) {
    Path directory = DIRECTORY.resolve(release.label());
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(file -> read(release, file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Golden read(Release release, Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readString(file, UTF_8));
      return new Golden(
          DIRECTORY.relativize(file).toString(),
          release,
          json.path("type").asText(),
          json.path("number").asInt(-1),
          Bytes.ofHex(json.path("bodyHex").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<MessageType> messageType() {
    return MessageType.of(number, release);
  }

  /** What is wrong with how the codec treats it; empty if it comes out as it came in. */
  Optional<String> fault() {
    Optional<MessageType> known = messageType();
    if (known.isEmpty()) {
      return Optional.of(name + ": number " + number + " is unknown in " + release);
    }
    if (!known.get().name().equals(type)) {
      return Optional.of(name + ": number " + number + " is " + known.get());
    }
    try {
      return difference(known.get());
    } catch (WireException e) {
      return Optional.of(name + ": " + e.getMessage() + " of " + body.length());
    }
  }

  private Optional<String> difference(MessageType known) {
    WireReader in = new WireReader(Unpooled.wrappedBuffer(body.asByteBuffer()));
    Object value = MessageCodec.decodeBody(known, in, release);
    if (in.remaining() != 0) {
      return Optional.of(name + ": " + in.remaining() + " bytes of " + body.length() + " are left");
    }
    ByteBuf out = Unpooled.buffer(body.length());
    MessageCodec.encodeBody(known, value, new WireWriter(out), release);
    byte[] again = ByteBufUtil.getBytes(out);
    int at = Arrays.mismatch(body.toByteArray(), again);
    return at < 0
        ? Optional.empty()
        : Optional.of(name + ": comes out otherwise from byte " + at + " of " + body.length());
  }
}
