package baton.protocol.net;

import baton.protocol.message.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Slurm's addresses as Java's. IPv4 address and port stand in the sender's memory order: every host
 * that runs Slurm is little-endian, so their bytes appear reversed.
 */
final class SocketAddresses {
  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int INET6_BYTES = 16;

  private SocketAddresses() {}

  /** Empty for an unspecified address and for one of no known family. */
  static Optional<InetSocketAddress> of(Address address) {
    byte[] bytes;
    if (address.family() == INET) {
      int reversed = Integer.reverseBytes((int) address.ipv4());
      bytes =
          new byte[] {
            (byte) (reversed >> 24),
            (byte) (reversed >> 16),
            (byte) (reversed >> 8),
            (byte) reversed
          };
    } else if (address.family() == INET6
        && address.ipv6() != null
        && address.ipv6().length() == INET6_BYTES) {
      bytes = address.ipv6().toByteArray();
    } else {
      return Optional.empty();
    }
    int port = Short.toUnsignedInt(Short.reverseBytes((short) address.port()));
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(bytes), port));
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
