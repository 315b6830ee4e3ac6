package baton.controller.query;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Parameter;
import baton.protocol.message.LicenseInfo;
import baton.protocol.message.LicenseInfoResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Licences of slurm.conf, and how many of them running jobs have. */
public final class LicenseAnswers {
  private LicenseAnswers() {}

  /** All licences, in the order of slurm.conf. */
  public static LicenseInfoResponse all(ClusterState state) {
    Map<String, Long> used = new LinkedHashMap<>();
    for (Job job : state.jobs().values()) {
      if (job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED) {
        counts(job.request().licenses()).forEach((name, n) -> used.merge(name, n, Long::sum));
      }
    }
    List<LicenseInfo> licenses = new ArrayList<>();
    counts(configured(state))
        .forEach(
            (name, total) ->
                licenses.add(
                    LicenseInfo.builder()
                        .name(name)
                        .total(total)
                        .inUse(used.getOrDefault(name, 0L))
                        .build()));
    return LicenseInfoResponse.builder()
        .recordCount(licenses.size())
        .lastUpdate(state.facts().now().getEpochSecond())
        .licenses(licenses)
        .build();
  }

  private static String configured(ClusterState state) {
    for (Parameter parameter : state.config().parameters()) {
      if (parameter.name().equalsIgnoreCase("Licenses")) {
        return parameter.value();
      }
    }
    return null;
  }

  private static Map<String, Long> counts(String text) {
    Map<String, Long> counts = new LinkedHashMap<>();
    if (text != null) {
      for (String item : text.split("[,;|]", -1)) {
        int mark = Math.max(item.indexOf(':'), item.indexOf('='));
        String name = mark < 0 ? item.trim() : item.substring(0, mark).trim();
        if (!name.isEmpty()) {
          counts.put(name, mark < 0 ? 1 : number(item.substring(mark + 1).trim()));
        }
      }
    }
    return counts;
  }

  private static long number(String text) {
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
