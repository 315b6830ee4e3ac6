package baton.controller.conf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Users as the system knows them, LDAP and the like included: asks {@code getent}, which goes
 * through the name service switch. Meant for start and reconfiguration, not for every request.
 */
public final class SystemUsers implements UserLookup {
  private static final long TIMEOUT_SECONDS = 10;
  private static final int UID_COLUMN = 2;

  @Override
  public OptionalLong uid(String name) {
    if (name.matches("[0-9]{1,10}")) {
      return OptionalLong.of(Long.parseLong(name));
    }
    if (!name.matches("[A-Za-z0-9_.@$-]+") || name.startsWith("-")) {
      return OptionalLong.empty();
    }
    try {
      Process process = new ProcessBuilder("getent", "passwd", name).start();
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = reader.readLine();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        String[] columns = line == null ? new String[0] : line.split(":", -1);
        return columns.length > UID_COLUMN
            ? OptionalLong.of(Long.parseLong(columns[UID_COLUMN]))
            : OptionalLong.empty();
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }
}
