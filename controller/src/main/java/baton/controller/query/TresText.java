package baton.controller.query;

import baton.controller.model.Partition;
import java.util.Locale;

/** Trackable resources as Slurm writes them, such as {@code cpu=4,mem=8G,node=1,billing=4}. */
final class TresText {
  private static final long STEP = 1024;
  private static final String UNITS = "MGTPE";
  private static final double MIB_PER_GIB = 1024;

  private TresText() {}

  /** The text of those that are not 0; null if all are. */
  static String of(long cpus, long memoryMiB, long nodes, long billing) {
    StringBuilder text = new StringBuilder();
    add(text, "cpu", Long.toString(cpus), cpus);
    add(text, "mem", memory(memoryMiB), memoryMiB);
    add(text, "node", Long.toString(nodes), nodes);
    add(text, "billing", Long.toString(billing), billing);
    return text.isEmpty() ? null : text.toString();
  }

  private static void add(StringBuilder text, String name, String amount, long count) {
    if (count > 0) {
      text.append(text.isEmpty() ? "" : ",").append(name).append('=').append(amount);
    }
  }

  /** The largest unit that keeps the amount whole. */
  static String memory(long mib) {
    long amount = mib;
    int unit = 0;
    while (amount >= STEP && amount % STEP == 0 && unit < UNITS.length() - 1) {
      amount /= STEP;
      unit++;
    }
    return amount + UNITS.substring(unit, unit + 1);
  }

  /** What a use of resources is billed: weighted by the partition, or its CPUs. */
  static double billing(Partition partition, long cpus, long memoryMiB, long nodes) {
    if (partition == null || partition.billingWeights() == null) {
      return cpus;
    }
    double sum = 0;
    for (String item : partition.billingWeights().toLowerCase(Locale.ROOT).split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals > 0) {
        sum +=
            weighted(item.substring(0, equals), item.substring(equals + 1), cpus, memoryMiB, nodes);
      }
    }
    return sum;
  }

  private static double weighted(
      String name, String weight, long cpus, long memoryMiB, long nodes) {
    return switch (name.trim()) {
      case "cpu" -> cpus * number(weight, 1);
      case "mem" -> memoryMiB * number(weight, 1);
      case "node" -> nodes * number(weight, 1);
      default -> 0;
    };
  }

  /** A weight; with a unit it is the price of one such unit. */
  private static double number(String text, double otherwise) {
    String digits = text.trim();
    double perMiB = 1;
    if (!digits.isEmpty()) {
      char unit = digits.charAt(digits.length() - 1);
      if (unit == 'k') {
        perMiB = MIB_PER_GIB;
      } else if (unit == 'g') {
        perMiB = 1 / MIB_PER_GIB;
      } else if (unit == 't') {
        perMiB = 1 / (MIB_PER_GIB * MIB_PER_GIB);
      }
      if (!Character.isDigit(unit) && unit != '.') {
        digits = digits.substring(0, digits.length() - 1);
      }
    }
    try {
      return Double.parseDouble(digits) * perMiB;
    } catch (NumberFormatException notANumber) {
      return otherwise;
    }
  }
}
