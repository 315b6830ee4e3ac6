package baton.controller.replication.peer;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * With what handshakes are made: as a member, whose peers must show a certificate of the same
 * authority to be taken for members, or as one that is none yet.
 *
 * @param member who this is; empty while it belongs to no cluster
 * @param server for connections that come in; who shows no certificate is a guest
 * @param client for connections to members; null while this is none
 */
record TlsIdentity(Optional<MemberIdentity> member, SslContext server, SslContext client) {
  private static final String VERSION = "TLSv1.3";

  /** Returns that of a controller that belongs to no cluster, with a certificate that says so. */
  static TlsIdentity none() {
    KeyPair keys = Certificates.newKeys();
    X509Certificate certificate = Certificates.selfSigned(keys, "none", Instant.now());
    try {
      SslContext server =
          SslContextBuilder.forServer(keys.getPrivate(), certificate)
              .sslProvider(SslProvider.JDK)
              .protocols(VERSION)
              .build();
      return new TlsIdentity(Optional.empty(), server, null);
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  static TlsIdentity of(MemberIdentity member) {
    try {
      SslContext server =
          SslContextBuilder.forServer(member.key(), member.certificate(), member.authority())
              .sslProvider(SslProvider.JDK)
              .protocols(VERSION)
              .trustManager(member.authority())
              .clientAuth(ClientAuth.OPTIONAL)
              .build();
      SslContext client =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .protocols(VERSION)
              .keyManager(member.key(), member.certificate(), member.authority())
              .trustManager(member.authority())
              // members are known by name, wherever they are
              .endpointIdentificationAlgorithm(null)
              .build();
      return new TlsIdentity(Optional.of(member), server, client);
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
