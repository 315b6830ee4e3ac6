package baton.controller.lifecycle;

import java.util.Locale;

/** Requests such as {@code gres:gpu:2,gres/shard=1}, as clients of each release write them. */
public final class GenericResources {
  private GenericResources() {}

  /** True if a text asks for any: nothing, none, and a count of 0 do not, and CPUs are no such. */
  public static boolean areAsked(String tres) {
    if (tres == null || tres.isEmpty()) {
      return false;
    }
    for (String item : tres.toLowerCase(Locale.ROOT).split(",", -1)) {
      boolean none =
          item.isEmpty()
              || item.equals("none")
              || item.endsWith(":none")
              || item.endsWith(":0")
              || item.endsWith("=0");
      if (!none && !item.startsWith("cpu=") && !item.startsWith("cpu:")) {
        return true;
      }
    }
    return false;
  }
}
