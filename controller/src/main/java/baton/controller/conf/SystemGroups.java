package baton.controller.conf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Groups as the system knows them: asks {@code getent}, as {@link SystemUsers} does. Members are
 * those whom a group names, and those whose own group it is.
 */
public final class SystemGroups implements ClusterConfigs.GroupLookup {
  private static final long TIMEOUT_SECONDS = 30;
  private static final int ID = 2;
  private static final int USER_GROUP = 3;
  private static final int GROUP_MEMBERS = 3;

  @Override
  public List<Long> members(List<String> groups) {
    Set<String> names = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (String group : groups) {
      if (!group.matches("[A-Za-z0-9_.@$-]+") || group.startsWith("-")) {
        continue;
      }
      for (String[] entry : ask("group", group)) {
        if (entry.length > GROUP_MEMBERS) {
          ids.add(entry[ID]);
          names.addAll(Arrays.asList(entry[GROUP_MEMBERS].split(",", -1)));
        }
      }
    }
    Set<Long> members = new TreeSet<>();
    for (String[] entry : ask("passwd", null)) {
      boolean in =
          entry.length > USER_GROUP && (names.remove(entry[0]) || ids.contains(entry[USER_GROUP]));
      if (in && entry[ID].matches("[0-9]{1,10}")) {
        members.add(Long.parseLong(entry[ID]));
      }
    }
    // a directory service need not list all of its users
    SystemUsers users = new SystemUsers();
    names.remove("");
    names.forEach(name -> users.uid(name).ifPresent(members::add));
    return List.copyOf(members);
  }

  private static List<String[]> ask(String database, String key) {
    List<String> command = new ArrayList<>(List.of("getent", database));
    if (key != null) {
      command.add(key);
    }
    List<String[]> entries = new ArrayList<>();
    try {
      Process process = new ProcessBuilder(command).start();
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          entries.add(line.split(":", -1));
        }
      }
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return entries;
  }
}
