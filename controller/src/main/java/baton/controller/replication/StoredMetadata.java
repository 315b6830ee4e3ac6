package baton.controller.replication;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * Ratis' two files without a checksum. A damaged {@code raft-meta.conf} it takes for a missing one,
 * and goes on with the configuration that it is started with: a founder would lead alone.
 *
 * @param term the latest term that the member has seen; 0 when there is no {@code raft-meta}
 * @param configuration the index of the entry in {@code raft-meta.conf}; -1 when there is none
 * @param bytes that file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredMetadata(long term, long configuration, byte[] bytes) {
  static final String TERM_FILE = "raft-meta";
  static final String CONFIGURATION_FILE = "raft-meta.conf";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{0,64}");

  /**
   * Reads them.
   *
   * @throws DamagedDataException when one cannot be read
   */
  static StoredMetadata read(Path current) throws IOException {
    Path termFile = current.resolve(TERM_FILE);
    Path configurationFile = current.resolve(CONFIGURATION_FILE);
    long term = Files.exists(termFile) ? term(termFile) : 0;
    if (!Files.exists(configurationFile)) {
      return new StoredMetadata(term, -1, new byte[0]);
    }
    byte[] bytes = Files.readAllBytes(configurationFile);
    try {
      LogEntryProto entry = LogEntryProto.parseFrom(bytes);
      if (!entry.hasConfigurationEntry() || entry.getConfigurationEntry().getPeersCount() == 0) {
        throw new DamagedDataException(configurationFile, "it names no members");
      }
      return new StoredMetadata(term, entry.getIndex(), bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new DamagedDataException(configurationFile, "it cannot be read: " + e.getMessage());
    }
  }

  int checksum() {
    return LogMark.checksum(bytes, bytes.length);
  }

  private static long term(Path file) throws IOException {
    Properties all = new Properties();
    try {
      all.load(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
      long term = Long.parseLong(all.getProperty("term", ""));
      String votedFor = all.getProperty("votedFor");
      if (term >= 0 && votedFor != null && NAME.matcher(votedFor).matches()) {
        return term;
      }
    } catch (IllegalArgumentException e) {
      throw new DamagedDataException(file, "it cannot be read: " + e.getMessage());
    }
    throw new DamagedDataException(file, "it tells no term and vote");
  }
}
