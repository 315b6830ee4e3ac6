package baton.protocol.auth;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What AuthInfo of slurm.conf says to munge, for instance {@code socket=/run/munge/x,ttl=60}.
 *
 * @param socket path of munged's socket; empty for the default of libmunge
 * @param ttlSeconds life of the credentials that we make; 0 for munged's default
 */
public record AuthInfo(Optional<String> socket, int ttlSeconds) {
  private static final String SOCKET_VARIABLE = "MUNGE_SOCKET";
  private static final int LONGEST_TTL_SECONDS = 3600;

  /**
   * Reads the value of AuthInfo; words that are not about munge are left to others.
   *
   * @param text the value, empty when the key is absent
   * @param environment where MUNGE_SOCKET is looked up when the text names no socket
   */
  public static AuthInfo parse(String text, Map<String, String> environment) {
    Optional<String> socket = Optional.ofNullable(environment.get(SOCKET_VARIABLE));
    int ttlSeconds = 0;
    for (String word : text.split(",", -1)) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String value = word.substring(equals + 1).strip();
      switch (word.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
        case "socket" -> socket = Optional.of(value);
        case "ttl" -> ttlSeconds = seconds(value);
        default -> {
          // cred_expire, use_client_ids and their like concern other parts
        }
      }
    }
    return new AuthInfo(socket.filter(path -> !path.isEmpty()), ttlSeconds);
  }

  // as slurmctld: what is not a sensible number means munged's default
  private static int seconds(String value) {
    try {
      int seconds = Integer.parseInt(value);
      return seconds < 0 || seconds > LONGEST_TTL_SECONDS ? 0 : seconds;
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
