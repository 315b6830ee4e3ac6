package baton.controller.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One command of a session as it was played to one controller.
 *
 * @param number topic and its place in the session, three digits
 * @param command user and command, as in the session
 * @param lines everything it printed, masked: standard output, then standard error, then the exit
 *     code
 */
record Played(String number, String command, List<String> lines) {

  /** Reads what was captured of one side, in the order of the session. */
  static List<Played> read(String topic, Path directory) throws IOException {
    Mask mask = new Mask(Files.readAllLines(directory.resolve("jobs")));
    List<Path> commands;
    try (Stream<Path> files = Files.list(directory)) {
      commands = files.filter(file -> file.toString().endsWith(".command")).sorted().toList();
    }
    List<Played> all = new ArrayList<>();
    for (Path file : commands) {
      String number = file.getFileName().toString().replace(".command", "");
      List<String> lines = new ArrayList<>();
      mask.apply(Files.readString(directory.resolve(number + ".out"))).lines().forEach(lines::add);
      mask.apply(Files.readString(directory.resolve(number + ".err")))
          .lines()
          .forEach(line -> lines.add("stderr: " + line));
      lines.add("exit code " + Files.readString(directory.resolve(number + ".status")).strip());
      all.add(new Played(topic + " " + number, Files.readString(file).strip(), List.copyOf(lines)));
    }
    return all;
  }

  /** The program, such as squeue. */
  String program() {
    return command.split(" ", 3)[1];
  }
}
