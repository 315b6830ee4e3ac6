package baton.controller.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.EncodedBody;
import baton.protocol.net.Message;
import baton.protocol.type.Release;
import baton.protocol.wire.MessageCodec;
import baton.protocol.wire.Samples;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a peer of any release asks is answered, at once and in its release: recorded bodies of
 * real programs, and samples of every field. Nothing is met with silence but what Slurm itself
 * leaves without an answer.
 */
class EveryRequestTest {
  private static final Path GOLDENS = Path.of("../protocol/codec/src/test/golden");
  private static final Pattern BODY = Pattern.compile("\"bodyHex\": \"([0-9a-f]*)\"");
  private static final int SEEDS = 4;
  private static final long ALICE = 2001;

  /** Up to 23.11 nobody waits for an answer to it. */
  private static final Set<MessageType> SILENT = Set.of(MessageType.MESSAGE_EPILOG_COMPLETE);

  @ParameterizedTest
  @EnumSource(Release.class)
  void everyRequestIsAnswered(Release release) throws IOException {
    Set<String> unanswered = new TreeSet<>();
    int asked = 0;
    for (MessageType type : MessageType.values()) {
      boolean request = type.isSpoken(release) && type.to() == MessageType.Party.CTLD;
      if (!request || SILENT.contains(type)) {
        continue;
      }
      for (Object body : bodies(type, release)) {
        for (long uid : List.of(0L, ALICE)) {
          asked++;
          String fault = fault(release, type, body, uid);
          if (fault != null) {
            unanswered.add(type + ": " + fault);
          }
        }
      }
    }
    assertEquals(Set.of(), unanswered);
    assertTrue(asked > 500, "too few requests: " + asked);
  }

  /** What is wrong with the answer; null if nothing is. */
  private static String fault(Release release, MessageType type, Object body, long uid) {
    try {
      Answer answer = new AskedController().ask(release, type, body, uid);
      answer.messages().forEach(message -> encodes(message, release));
      return answer.messages().isEmpty() ? "no answer" : null;
    } catch (RuntimeException | AssertionError e) {
      return e + " at " + ours(e.getCause() == null ? e : e.getCause());
    }
  }

  private static String ours(Throwable e) {
    for (StackTraceElement element : e.getStackTrace()) {
      if (element.getClassName().startsWith("baton.controller")) {
        return element.toString();
      }
    }
    return "";
  }

  private static List<Object> bodies(MessageType type, Release release) throws IOException {
    List<Object> bodies = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      bodies.add(Samples.body(type, seed, release));
    }
    Path directory = GOLDENS.resolve(release.label()).resolve(type.name());
    if (!Files.isDirectory(directory)) {
      return bodies;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        Matcher hex = BODY.matcher(Files.readString(file));
        if (hex.find()) {
          ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.group(1)));
          bodies.add(MessageCodec.decodeBody(type, new WireReader(bytes), release));
        }
      }
    }
    return bodies;
  }

  private static void encodes(Message message, Release release) {
    assertTrue(message.type().isSpoken(release), () -> message.type() + " in " + release);
    if (message.body() instanceof EncodedBody) {
      return;
    }
    MessageCodec.encodeBody(
        message.type(), message.body(), new WireWriter(Unpooled.buffer()), release);
  }
}
