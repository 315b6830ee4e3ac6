package baton.controller.replication.peer;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Addresses of members as text: {@code host:port}, and lists {@code ID=host:port,...}. */
public final class PeerAddress {
  private static final int MAX_PORT = 65535;
  private static final int MAX_MEMBERS = 16;

  private PeerAddress() {}

  /** Tells whether the text is {@code host:port}. */
  public static boolean isValid(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    return colon > 0
        && text.length() <= 300
        && port.matches("[0-9]{1,5}")
        && Integer.parseInt(port) >= 1
        && Integer.parseInt(port) <= MAX_PORT
        && text.substring(0, colon).matches("[A-Za-z0-9._:\\[\\]-]+");
  }

  /** Resolves a valid address now; a name that is not known gives an unresolved one. */
  public static InetSocketAddress resolve(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
    return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
  }

  /** Reads {@code ID=HOST:PORT,...}; empty when it is not one, or names an id twice. */
  public static Optional<Map<String, String>> parseList(String text) {
    Map<String, String> list = new LinkedHashMap<>();
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals < 0
          || !MemberName.isId(item.substring(0, equals))
          || !isValid(item.substring(equals + 1))
          || list.put(item.substring(0, equals), item.substring(equals + 1)) != null) {
        return Optional.empty();
      }
    }
    return list.size() > MAX_MEMBERS ? Optional.empty() : Optional.of(list);
  }

  /** Writes what {@link #parseList} reads. */
  public static String list(Map<String, String> addresses) {
    StringJoiner list = new StringJoiner(",");
    addresses.forEach((id, address) -> list.add(id + "=" + address));
    return list.toString();
  }
}
