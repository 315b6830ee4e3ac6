package baton.controller.lifecycle;

import java.util.Locale;
import java.util.Set;

/** TRESBillingWeights as slurm.conf and scontrol write them: {@code CPU=1.0,Mem=0.25G}. */
public final class BillingWeights {
  private static final Set<String> TRES =
      Set.of("cpu", "mem", "energy", "node", "billing", "fs/disk", "vmem", "pages");
  private static final String UNITS = "kmgtp";

  private BillingWeights() {}

  /** True if each item names a resource that is counted, and a number with or without a unit. */
  public static boolean areValid(String text) {
    if (text.isEmpty()) {
      return true;
    }
    for (String item : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals < 0 || !TRES.contains(item.substring(0, equals).trim())) {
        return false;
      }
      if (!isWeight(item.substring(equals + 1).trim())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWeight(String text) {
    boolean unit = !text.isEmpty() && UNITS.indexOf(text.charAt(text.length() - 1)) >= 0;
    String digits = unit ? text.substring(0, text.length() - 1) : text;
    return digits.matches("[0-9]{1,12}(\\.[0-9]{0,12})?|\\.[0-9]{1,12}");
  }
}
