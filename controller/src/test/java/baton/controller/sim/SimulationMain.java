package baton.controller.sim;

import java.util.Locale;
import java.util.Optional;

/** Runs seeds: {@code bin/lib/simulate}. */
public final class SimulationMain {
  private static final int FOUND = 1;
  private static final int USAGE = 2;

  private long seed = 1;
  private long count = 1;
  private boolean traced;
  private boolean listed;
  private boolean goOn;
  private Plants plant;

  private SimulationMain() {}

  /** Ends with 0 if all runs were well, 1 if one was not, 2 for a wrong option. */
  public static void main(String[] arguments) {
    SimulationMain main = new SimulationMain();
    System.exit(main.read(arguments) ? main.run() : USAGE);
  }

  private boolean read(String[] arguments) {
    try {
      for (int i = 0; i < arguments.length; i++) {
        switch (arguments[i]) {
          case "--seed" -> seed = Long.parseLong(arguments[++i]);
          case "--count" -> count = Long.parseLong(arguments[++i]);
          case "--plant" -> {
            Optional<Plants> named = Plants.named(arguments[++i]);
            plant = named.orElseThrow(() -> new IllegalArgumentException("no such plant"));
          }
          case "--trace" -> traced = true;
          case "--list" -> listed = true;
          case "--go-on" -> goOn = true;
          default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
        }
      }
      return true;
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      System.err.println("simulate: " + e.getMessage());
      return false;
    }
  }

  private int run() {
    long began = System.nanoTime();
    long events = 0;
    long scripts = 0;
    long failed = 0;
    long runs = 0;
    for (long each = seed; each < seed + count; each++) {
      Simulation.Result result =
          Simulation.run(each, plant == null ? Plant.NONE : plant.make(), traced);
      runs++;
      events += result.events();
      scripts += result.scripts();
      result.trace().forEach(System.out::println);
      if (traced || listed || count == 1) {
        System.out.println(result.summary());
      }
      if (result.violation() != null) {
        failed++;
        System.out.println("seed " + each + " violates " + result.violation());
        System.out.println("replay: " + replay(each));
        if (!goOn) {
          break;
        }
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d seeds, %d violations, %d events, %d scripts, %.1f s, %.0f seeds/s%n",
        runs,
        failed,
        events,
        scripts,
        seconds,
        runs / seconds);
    return failed == 0 ? 0 : FOUND;
  }

  private String replay(long each) {
    return "bin/lib/simulate --seed "
        + each
        + (plant == null ? "" : " --plant " + plant.word())
        + " --trace";
  }
}
