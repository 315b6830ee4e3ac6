package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.ClusterConfiguration;
import baton.protocol.type.Release;
import baton.protocol.wire.ClusterConfigurationCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same slurm.conf given to Debian's slurmctld of three releases (22.05.8, 24.11.5, 26.05.5) and
 * to Baton: RESPONSE_BUILD_INFO must be the same, byte for byte. The .hex files are the bodies that
 * those slurmctld sent.
 */
class ShownConfigurationTest {
  private static final Path FILES = Path.of("src/test/resources/baton/controller/conf/shown");
  private static final Set<String> NOT_PROPERTIES = Set.of("toBuilder", "hashCode", "toString");

  @ParameterizedTest
  @CsvSource({
    "22.05, small",
    "22.05, rich",
    "24.11, small",
    "24.11, rich",
    "26.05, small",
    "26.05, rich"
  })
  void asSlurmctldShowsIt(String label, String name) throws Exception {
    Release release = Release.ofLabel(label).orElseThrow();
    byte[] recorded = recorded(label, name);
    ClusterConfiguration theirs = decode(recorded, release);
    ConfOutcome outcome =
        SlurmConf.load(FILES.resolve(label).resolve(name + ".conf"), release, SampleConf.HOST);
    SlurmConf conf = assertInstanceOf(ConfOutcome.Loaded.class, outcome, outcome.toString()).conf();
    ShownConfiguration.Facts facts =
        new ShownConfiguration.Facts(
            Instant.ofEpochSecond(theirs.lastUpdate()),
            Instant.ofEpochSecond(theirs.bootTime()),
            theirs.nextJobId(),
            theirs.version());
    ClusterConfiguration ours =
        ShownConfiguration.of(conf, ConfigFiles.read(conf), release, facts).toBuilder()
            // It lay elsewhere, and mpi.conf is not shown.
            .slurmConf(theirs.slurmConf())
            .mpiConf(theirs.mpiConf())
            .build();
    byte[] encoded = encode(ours, release);
    assertEquals(Map.of(), differences(theirs, decode(encoded, release)));
    assertEquals(ByteBufUtil.hexDump(recorded), ByteBufUtil.hexDump(encoded));
  }

  private static byte[] recorded(String label, String name) throws IOException {
    String hex = Files.readString(FILES.resolve(label).resolve(name + ".hex"));
    return ByteBufUtil.decodeHexDump(hex.replaceAll("\\s", ""));
  }

  private static ClusterConfiguration decode(byte[] body, Release release) throws WireException {
    return ClusterConfigurationCodec.decode(new WireReader(Unpooled.wrappedBuffer(body)), release);
  }

  private static byte[] encode(ClusterConfiguration value, Release release) throws WireException {
    ByteBuf buffer = Unpooled.buffer();
    ClusterConfigurationCodec.encode(value, new WireWriter(buffer), release);
    return ByteBufUtil.getBytes(buffer);
  }

  private static Map<String, String> differences(
      ClusterConfiguration theirs, ClusterConfiguration ours)
      throws IllegalAccessException, InvocationTargetException {
    Map<String, String> differences = new TreeMap<>();
    for (Method property : ClusterConfiguration.class.getDeclaredMethods()) {
      boolean accessor =
          property.getParameterCount() == 0
              && Modifier.isPublic(property.getModifiers())
              && !Modifier.isStatic(property.getModifiers())
              && !NOT_PROPERTIES.contains(property.getName());
      if (accessor && !Objects.equals(property.invoke(theirs), property.invoke(ours))) {
        differences.put(
            property.getName(), property.invoke(theirs) + " here " + property.invoke(ours));
      }
    }
    return differences;
  }
}
