package baton.controller.replication.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is said at the door: names with values, sorted, and a proof of who says it. Count (u16),
 * then names and values as modified UTF-8 with a length (u16); the proof (u32 length) at the end.
 *
 * @param fields names and values
 * @param proof a credential or a token; empty among members, whose certificates prove them
 */
record DoorWire(Map<String, String> fields, String proof) {
  private static final int MOST_FIELDS = 256;

  DoorWire {
    fields = java.util.Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  String get(String name) {
    return fields.getOrDefault(name, "");
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeFields(out);
      byte[] last = proof.getBytes(StandardCharsets.UTF_8);
      out.writeInt(last.length);
      out.write(last);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void writeFields(DataOutputStream out) throws IOException {
    out.writeShort(fields.size());
    for (Map.Entry<String, String> field : fields.entrySet()) {
      out.writeUTF(field.getKey());
      out.writeUTF(field.getValue());
    }
  }

  /**
   * @throws IOException when these are not the bytes of one
   */
  static DoorWire decode(byte[] body) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      int count = in.readUnsignedShort();
      if (count > MOST_FIELDS) {
        throw new IOException(count + " fields");
      }
      Map<String, String> fields = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        fields.put(in.readUTF(), in.readUTF());
      }
      int length = in.readInt();
      if (length < 0 || length != in.available()) {
        throw new IOException("a proof of " + length + " bytes");
      }
      return new DoorWire(fields, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
  }

  /**
   * Digests the fields for a proof that holds on one connection, in one direction, once.
   *
   * @param direction what tells requests and answers apart
   * @param fingerprint of the certificate that the server shows on the connection
   * @param nonce the visitor's
   */
  byte[] digest(String direction, byte[] fingerprint, String nonce) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF("baton door 1 " + direction);
      out.write(fingerprint);
      out.writeUTF(nonce);
      writeFields(out);
      return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
