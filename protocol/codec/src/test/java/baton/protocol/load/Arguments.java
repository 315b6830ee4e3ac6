package baton.protocol.load;

import baton.protocol.type.Release;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words after the load's name: {@code --key value}, and flags without a value. */
final class Arguments {
  /** What is wrong with the words, for the person who typed them. */
  static final class UsageException extends Exception {
    UsageException(String message) {
      super(message);
    }
  }

  private static final Set<String> FLAGS = Set.of("hold", "retry");
  private static final Set<String> KEYS =
      Set.of(
          "controller",
          "munge-socket",
          "clients",
          "jobs",
          "seconds",
          "release",
          "script",
          "work-dir",
          "user",
          "every",
          "pause",
          "stop",
          "history",
          "name",
          "seed",
          "patience",
          "job",
          "kind",
          "answers",
          "ids");

  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  static Arguments parse(List<String> words) throws UsageException {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String key = words.get(i).replaceFirst("^--", "");
      if (FLAGS.contains(key)) {
        values.put(key, "");
      } else if (KEYS.contains(key) && i + 1 < words.size()) {
        i++;
        values.put(key, words.get(i));
      } else {
        throw new UsageException("unknown, or without a value: " + words.get(i));
      }
    }
    return new Arguments(values);
  }

  boolean has(String flag) {
    return values.containsKey(flag);
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  Optional<Path> path(String key) {
    return text(key).map(Path::of);
  }

  String required(String key) throws UsageException {
    Optional<String> given = text(key);
    if (given.isEmpty()) {
      throw new UsageException("--" + key + " is missing");
    }
    return given.get();
  }

  /** A positive number. */
  int number(String key, int absent) throws UsageException {
    Optional<String> given = text(key);
    if (given.isEmpty()) {
      return absent;
    }
    try {
      int number = Integer.parseInt(given.get());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    throw new UsageException("--" + key + " wants a positive number, not " + given.get());
  }

  Release release() throws UsageException {
    String label = text("release").orElse("22.05");
    Optional<Release> known = Release.ofLabel(label);
    if (known.isEmpty()) {
      throw new UsageException("unknown release " + label);
    }
    return known.get();
  }

  /** The first of them. */
  InetSocketAddress controller() throws UsageException {
    return controllers().get(0);
  }

  /** One or several, with commas between. */
  List<InetSocketAddress> controllers() throws UsageException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String given : required("controller").split(",", -1)) {
      addresses.add(address(given));
    }
    return addresses;
  }

  private static InetSocketAddress address(String given) throws UsageException {
    int colon = given.lastIndexOf(':');
    try {
      InetSocketAddress address =
          new InetSocketAddress(
              given.substring(0, Math.max(colon, 0)), Integer.parseInt(given.substring(colon + 1)));
      if (!address.isUnresolved()) {
        return address;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // told below
    }
    throw new UsageException("--controller wants HOST:PORT, not " + given);
  }
}
