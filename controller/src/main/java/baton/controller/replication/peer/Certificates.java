package baton.controller.replication.peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Keys and X.509 certificates of a cluster: ECDSA on P-256. A member's certificate names the
 * cluster as organization and the member as common name; nothing else in it counts.
 */
final class Certificates {
  /** How long a member's certificate is good. */
  static final Duration MEMBER_LIFE = Duration.ofDays(90);

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(36500);

  /** Clocks of machines differ. */
  private static final Duration CLOCK_SLACK = Duration.ofDays(1);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 120;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Certificates() {}

  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a cluster's authority, or the certificate of one that has no cluster yet. */
  static X509Certificate selfSigned(KeyPair keys, String cluster, Instant now) {
    X500Name name = name(cluster, "Baton");
    return issue(
        new Parties(keys.getPrivate(), name, name, keys.getPublic(), true),
        now,
        now.plus(AUTHORITY_LIFE));
  }

  /** Makes a member's certificate, good for {@link #MEMBER_LIFE}. */
  static X509Certificate member(
      PrivateKey authorityKey,
      X509Certificate authority,
      String member,
      PublicKey key,
      Instant from) {
    X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    X500Name subject = name(cluster(authority), member);
    return issue(
        new Parties(authorityKey, issuer, subject, key, false), from, from.plus(MEMBER_LIFE));
  }

  private record Parties(
      PrivateKey signer, X500Name issuer, X500Name subject, PublicKey key, boolean authority) {}

  private static X509Certificate issue(Parties parties, Instant from, Instant until) {
    try {
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
      generator.setSerialNumber(
          new ASN1Integer(new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE)));
      generator.setIssuer(parties.issuer());
      generator.setSubject(parties.subject());
      generator.setStartDate(new Time(Date.from(from.minus(CLOCK_SLACK))));
      generator.setEndDate(new Time(Date.from(until)));
      generator.setSubjectPublicKeyInfo(
          SubjectPublicKeyInfo.getInstance(parties.key().getEncoded()));
      generator.setSignature(algorithm);
      generator.setExtensions(extensions(parties.authority()).generate());
      TBSCertificate content = generator.generateTBSCertificate();
      Signature signature = Signature.getInstance(SIGNATURE);
      signature.initSign(parties.signer(), RANDOM);
      signature.update(content.getEncoded("DER"));
      DERBitString signed = new DERBitString(signature.sign());
      return parse(
          new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {content, algorithm, signed})
              .getEncoded("DER"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExtensionsGenerator extensions(boolean authority) throws IOException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    extensions.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(
            authority
                ? KeyUsage.keyCertSign | KeyUsage.digitalSignature
                : KeyUsage.digitalSignature));
    if (!authority) {
      extensions.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    }
    return extensions;
  }

  private static X500Name name(String cluster, String member) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, cluster)
        .addRDN(BCStyle.CN, member)
        .build();
  }

  /** Returns the cluster that a certificate names; empty when it names none. */
  static String cluster(X509Certificate certificate) {
    return part(certificate, BCStyle.O);
  }

  /** Returns the member that a certificate names; empty when it names none. */
  static String memberOf(X509Certificate certificate) {
    return part(certificate, BCStyle.CN);
  }

  private static String part(
      X509Certificate certificate, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
    RDN[] found =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()).getRDNs(type);
    return found.length == 1 && !found[0].isMultiValued()
        ? IETFUtils.valueToString(found[0].getFirst().getValue())
        : "";
  }

  /**
   * @throws GeneralSecurityException when these are not the bytes of a certificate
   */
  static X509Certificate parse(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  static PrivateKey privateKey(byte[] encoded) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** SHA-256 over a certificate. */
  static byte[] fingerprint(X509Certificate certificate) {
    try {
      return sha256(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
