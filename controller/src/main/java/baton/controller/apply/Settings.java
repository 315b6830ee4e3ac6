package baton.controller.apply;

import baton.controller.model.ClusterConfig;
import baton.controller.model.Parameter;
import java.util.Locale;

/** Reads options inside comma-separated settings, such as SchedulerParameters. */
final class Settings {
  private Settings() {}

  /** True if {@code key}'s value lists {@code option}; letter case does not matter. */
  static boolean has(ClusterConfig config, String key, String option) {
    for (String given : value(config, key).split(",", -1)) {
      if (given.trim().equalsIgnoreCase(option)) {
        return true;
      }
    }
    return false;
  }

  /** The number after {@code option=}, or {@code otherwise} if it is not there or no number. */
  static double number(ClusterConfig config, String key, String option, double otherwise) {
    String prefix = option.toLowerCase(Locale.ROOT) + "=";
    for (String given : value(config, key).split(",", -1)) {
      String trimmed = given.trim().toLowerCase(Locale.ROOT);
      if (trimmed.startsWith(prefix)) {
        try {
          return Double.parseDouble(trimmed.substring(prefix.length()));
        } catch (NumberFormatException notANumber) {
          return otherwise;
        }
      }
    }
    return otherwise;
  }

  /** A setting as typed; empty if it is not set. */
  static String value(ClusterConfig config, String key) {
    for (Parameter parameter : config.parameters()) {
      if (parameter.name().equalsIgnoreCase(key)) {
        return parameter.value() == null ? "" : parameter.value();
      }
    }
    return "";
  }
}
