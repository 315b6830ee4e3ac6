package baton.controller.replication.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks at another controller's door, one question a connection; blocks. Who is asked proves itself
 * by a credential over the certificate of the very connection, or by its authority.
 */
final class DoorClient {
  private static final int CONNECT_MILLIS = 1000;
  private static final int LONGEST_ANSWER_BYTES = 64 << 10;
  private static final int HEAD_BYTES = 1 + Long.BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  private DoorClient() {}

  /** How a side proves itself. */
  private interface Proof {
    /** Called before anything is sent. */
    String ofRequest(DoorWire request, X509Certificate[] shown, byte[] fingerprint, String nonce)
        throws IOException;

    /** Called before anything that was answered counts. */
    void check(DoorWire answer, byte[] fingerprint, String nonce) throws IOException;
  }

  /** Asks as root or SlurmUser of this Slurm cluster. */
  static DoorWire ask(String address, Map<String, String> fields, Trust trust, Duration atMost)
      throws IOException {
    return ask(address, fields, Optional.empty(), new Sealed(trust), atMost);
  }

  /** Asks with a token. */
  static DoorWire ask(String address, Map<String, String> fields, JoinToken token, Duration atMost)
      throws IOException {
    return ask(
        address,
        fields,
        Optional.empty(),
        new ByAuthority(token.authority(), token.text()),
        atMost);
  }

  /** Asks as a member. */
  static DoorWire ask(
      String address, Map<String, String> fields, MemberIdentity member, Duration atMost)
      throws IOException {
    String authority = Hex.of(Certificates.fingerprint(member.authority()));
    return ask(address, fields, Optional.of(member), new ByAuthority(authority, ""), atMost);
  }

  private static DoorWire ask(
      String address,
      Map<String, String> fields,
      Optional<MemberIdentity> member,
      Proof proof,
      Duration atMost)
      throws IOException {
    try (Socket plain = new Socket()) {
      plain.setTcpNoDelay(true);
      plain.connect(PeerAddress.resolve(address), CONNECT_MILLIS);
      plain.setSoTimeout((int) atMost.toMillis());
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys(member), new TrustManager[] {new LaterChecked()}, RANDOM);
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "baton", 1, true)) {
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        socket.startHandshake();
        return exchange(socket, fields, proof);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    } catch (IllegalArgumentException unresolved) {
      throw new IOException("no host is called so: " + address, unresolved);
    }
  }

  private static DoorWire exchange(SSLSocket socket, Map<String, String> fields, Proof proof)
      throws IOException, GeneralSecurityException {
    Certificate[] chain = socket.getSession().getPeerCertificates();
    X509Certificate[] shown = new X509Certificate[chain.length];
    for (int i = 0; i < chain.length; i++) {
      shown[i] = (X509Certificate) chain[i];
    }
    byte[] fingerprint = Certificates.fingerprint(shown[0]);
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String nonce = Hex.of(random);
    Map<String, String> all = new TreeMap<>(fields);
    all.put(DoorField.NONCE, nonce);
    DoorWire bare = new DoorWire(all, "");
    byte[] body = new DoorWire(all, proof.ofRequest(bare, shown, fingerprint, nonce)).encode();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(HEAD_BYTES + body.length);
    out.writeByte(Frame.Kind.DOOR.code());
    out.writeLong(1);
    out.write(body);
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int length = in.readInt();
    if (length < HEAD_BYTES || length > LONGEST_ANSWER_BYTES) {
      throw new IOException("an answer of " + length + " bytes");
    }
    int kind = in.readUnsignedByte();
    in.readLong();
    byte[] answered = in.readNBytes(length - HEAD_BYTES);
    if (kind != Frame.Kind.ANSWER.code()) {
      throw new IOException(new String(answered, StandardCharsets.UTF_8));
    }
    DoorWire answer = DoorWire.decode(answered);
    proof.check(answer, fingerprint, nonce);
    return answer;
  }

  static KeyManager[] keys(Optional<MemberIdentity> member)
      throws GeneralSecurityException, IOException {
    if (member.isEmpty()) {
      return null;
    }
    MemberIdentity own = member.get();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "member", own.key(), new char[0], new Certificate[] {own.certificate(), own.authority()});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  /** Munge on both sides. */
  private record Sealed(Trust trust) implements Proof {
    @Override
    public String ofRequest(
        DoorWire request, X509Certificate[] shown, byte[] fingerprint, String nonce)
        throws IOException {
      return trust.seal(request.digest(DoorField.REQUEST, fingerprint, nonce), trust.slurmUser());
    }

    @Override
    public void check(DoorWire answer, byte[] fingerprint, String nonce) throws IOException {
      Trust.Opened opened = trust.open(answer.proof());
      DoorWire bare = new DoorWire(answer.fields(), "");
      if (!trust.isAdministrator(opened.uid())
          || !MessageDigest.isEqual(
              opened.payload(), bare.digest(DoorField.ANSWER, fingerprint, nonce))) {
        throw new IOException("what answered is no controller of this cluster");
      }
    }
  }

  /** The server's certificate is of the one authority. */
  private record ByAuthority(String authority, String word) implements Proof {
    @Override
    public String ofRequest(
        DoorWire request, X509Certificate[] shown, byte[] fingerprint, String nonce)
        throws IOException {
      checkAuthority(shown);
      return word;
    }

    @Override
    public void check(DoorWire answer, byte[] fingerprint, String nonce) {
      // the connection is with a member: that was checked before the request
    }

    private void checkAuthority(X509Certificate[] shown) throws IOException {
      X509Certificate top = shown[shown.length - 1];
      if (shown.length != 2 || !Hex.of(Certificates.fingerprint(top)).equals(authority)) {
        throw new IOException("it is a controller of another cluster");
      }
      try {
        shown[0].verify(top.getPublicKey());
        shown[0].checkValidity();
      } catch (GeneralSecurityException e) {
        throw new IOException("its certificate is not good: " + e.getMessage(), e);
      }
    }
  }

  /** Lets the handshake pass: the proof is asked for before anything that is answered counts. */
  static final class LaterChecked extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket)
        throws CertificateException {
      throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
