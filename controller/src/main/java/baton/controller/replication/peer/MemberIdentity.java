package baton.controller.replication.peer;

import baton.controller.replication.DamagedDataException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Who a member is: the file {@code member} in its data directory, readable by SlurmUser alone. It
 * is replaced as a whole, so there is never half of one.
 *
 * @param cluster the cluster's identity, in every certificate of it
 * @param group the identity of the replicated group
 * @param name this member's name in the group
 * @param founder whether this member made the group
 * @param admitted whether the group has taken this member in
 * @param peers addresses by id, this member's among them
 * @param formers names that this member had before in the group, and may have in it still; see
 *     {@link Replacement}
 * @param voters ids of those that the group was last known to have; none before that
 * @param authority the cluster's authority
 * @param authorityKey its key: every member can take others in
 * @param certificate this member's certificate
 * @param key its key
 */
record MemberIdentity(
    String cluster,
    UUID group,
    String name,
    boolean founder,
    boolean admitted,
    Map<String, String> peers,
    List<String> formers,
    List<String> voters,
    X509Certificate authority,
    PrivateKey authorityKey,
    X509Certificate certificate,
    PrivateKey key) {

  static final String FILE = "member";
  private static final String FORMAT = "1";
  private static final String SUM = "sum";

  MemberIdentity {
    formers = List.copyOf(formers);
    voters = List.copyOf(voters);
    peers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(peers));
  }

  /** Makes the first member of a new cluster; admitted once its replica has begun. */
  static MemberIdentity found(UUID group, String name, Map<String, String> peers, Instant now) {
    KeyPair authorityKeys = Certificates.newKeys();
    String cluster = UUID.randomUUID().toString();
    X509Certificate authority = Certificates.selfSigned(authorityKeys, cluster, now);
    KeyPair keys = Certificates.newKeys();
    X509Certificate certificate =
        Certificates.member(authorityKeys.getPrivate(), authority, name, keys.getPublic(), now);
    return new MemberIdentity(
        cluster,
        group,
        name,
        true,
        false,
        peers,
        List.of(),
        List.of(),
        authority,
        authorityKeys.getPrivate(),
        certificate,
        keys.getPrivate());
  }

  String id() {
    return MemberName.id(name);
  }

  /** Returns where others reach this member. */
  String address() {
    return peers.get(id());
  }

  MemberIdentity withPeers(Map<String, String> all) {
    return with(admitted, all, formers, voters);
  }

  MemberIdentity withVoters(List<String> ids) {
    return with(admitted, peers, formers, ids);
  }

  MemberIdentity asAdmitted() {
    return with(true, peers, List.of(), voters);
  }

  /** Returns this identity for a member that had other names before. */
  MemberIdentity after(List<String> names) {
    return with(admitted, peers, names, voters);
  }

  private MemberIdentity with(
      boolean isAdmitted, Map<String, String> all, List<String> names, List<String> ids) {
    return new MemberIdentity(
        cluster,
        group,
        name,
        founder,
        isAdmitted,
        all,
        names,
        ids,
        authority,
        authorityKey,
        certificate,
        key);
  }

  /** Returns this identity with a new key and certificate. */
  MemberIdentity renewed(Instant now) {
    KeyPair keys = Certificates.newKeys();
    X509Certificate fresh =
        Certificates.member(authorityKey, authority, name, keys.getPublic(), now);
    return new MemberIdentity(
        cluster,
        group,
        name,
        founder,
        admitted,
        peers,
        formers,
        voters,
        authority,
        authorityKey,
        fresh,
        keys.getPrivate());
  }

  /**
   * Reads a data directory's identity.
   *
   * @return nothing when it has none
   * @throws DamagedDataException when there is one that is not what was written
   * @throws IOException when it cannot be used otherwise
   */
  static Optional<MemberIdentity> load(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties all = new Properties();
    try {
      all.load(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
      String sum = all.getProperty(SUM);
      if (sum != null && !sum.equals(sum(all))) {
        throw new DamagedDataException(file, "it does not match its sum");
      }
      if (sum != null && !FORMAT.equals(all.getProperty("format"))) {
        throw new IOException(file + ": its format is not one that this version knows");
      }
      return Optional.of(read(all));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new DamagedDataException(file, "it cannot be read: " + e.getMessage());
    }
  }

  private static MemberIdentity read(Properties all) throws GeneralSecurityException {
    return new MemberIdentity(
        require(all, "cluster"),
        UUID.fromString(require(all, "group")),
        require(all, "name"),
        Boolean.parseBoolean(require(all, "founder")),
        Boolean.parseBoolean(require(all, "admitted")),
        PeerAddress.parseList(require(all, "peers"))
            .orElseThrow(() -> new IllegalArgumentException("peers")),
        words(all, "formers"),
        words(all, "voters"),
        Certificates.parse(bytes(all, "authority")),
        Certificates.privateKey(bytes(all, "authority-key")),
        Certificates.parse(bytes(all, "certificate")),
        Certificates.privateKey(bytes(all, "key")));
  }

  private static List<String> words(Properties all, String key) {
    String text = all.getProperty(key, "");
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  /** Over all else, in the order of the names. */
  private static String sum(Properties all) {
    StringBuilder text = new StringBuilder();
    for (String name : new TreeSet<>(all.stringPropertyNames())) {
      if (!name.equals(SUM)) {
        text.append(name).append('=').append(all.getProperty(name)).append('\n');
      }
    }
    return Hex.of(Certificates.sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static String require(Properties all, String key) {
    String value = all.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }

  private static byte[] bytes(Properties all, String key) {
    return Base64.getDecoder().decode(require(all, key));
  }

  /** Writes it; on disk when this returns. */
  void save(Path directory) throws IOException {
    Properties all = new Properties();
    all.setProperty("format", FORMAT);
    all.setProperty("cluster", cluster);
    all.setProperty("group", group.toString());
    all.setProperty("name", name);
    all.setProperty("founder", Boolean.toString(founder));
    all.setProperty("admitted", Boolean.toString(admitted));
    all.setProperty("peers", PeerAddress.list(peers));
    all.setProperty("formers", String.join(",", formers));
    all.setProperty("voters", String.join(",", voters));
    Base64.Encoder base64 = Base64.getEncoder();
    try {
      all.setProperty("authority", base64.encodeToString(authority.getEncoded()));
      all.setProperty("certificate", base64.encodeToString(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    all.setProperty("authority-key", base64.encodeToString(authorityKey.getEncoded()));
    all.setProperty("key", base64.encodeToString(key.getEncoded()));
    all.setProperty(SUM, sum(all));
    StringWriter text = new StringWriter();
    all.store(text, "Keys of this controller and of its cluster: keep them to yourself.");
    write(directory, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path directory, byte[] content) throws IOException {
    Files.createDirectories(directory);
    Path temporary = directory.resolve(FILE + ".tmp");
    Files.deleteIfExists(temporary);
    FileAttribute<?> own =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel channel =
        FileChannel.open(
            temporary, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), own)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(
        temporary,
        directory.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
