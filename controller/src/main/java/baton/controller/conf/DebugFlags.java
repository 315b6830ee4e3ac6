package baton.controller.conf;

import baton.protocol.type.Release;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** DebugFlags as the u64 of the wire. Words that a release does not know say nothing there. */
final class DebugFlags {
  private static final List<String> TABLE =
      List.of(
          "0=selecttype",
          "1=steps",
          "2=trigger,triggers",
          "3=cpu_bind",
          "4=netraw,networkraw",
          "5=no_conf_hash",
          "6=gres",
          "7=mpi",
          "8=data",
          "9=conmgr",
          "10=net,network",
          "11=priority",
          "12=backfill",
          "13=gang",
          "14=reservation",
          "15=audittls,frontend",
          "16=sack",
          "17=switch",
          "18=energy",
          "19=extsensors,tls",
          "20=license",
          "21=profile",
          "22=interconnect",
          "23=glob_silence",
          "24=jobcontainer,namespace",
          "25=auditrpcs",
          "26=protocol",
          "27=backfillmap",
          "28=tracejobs",
          "29=route",
          "30=db_assoc",
          "31=db_event",
          "32=db_job",
          "33=db_qos",
          "34=db_query",
          "35=db_reservation",
          "36=db_resource",
          "37=db_step",
          "38=db_usage",
          "39=db_wckey",
          "40=burstbuffer",
          "41=cpufrequency",
          "42=power,powersave",
          "43=thread,threads,timecray",
          "44=db_archive",
          "45=db_tres",
          "46=elasticsearch,jobcomp",
          "47=nodefeatures",
          "48=federation",
          "49=hetjob",
          "50=accrue",
          "51=dbd_agent",
          "52=agent",
          "53=dependency",
          "54=jag,jobaccountgather",
          "55=cgroup",
          "56=script",
          "57=metrics");
  private static final int CONMGR = 9;
  private static final int THREAD = 43;
  private static final Map<String, Integer> BITS = bits();

  private DebugFlags() {}

  static long bits(String text, Release release) {
    long flags = 0;
    for (String word : Words.of(text)) {
      String lower = word.toLowerCase(Locale.ROOT);
      if (lower.equals("workq") || lower.equals("workqueue")) {
        flags |= 1L << (release.atLeast(Release.V26_05) ? THREAD : CONMGR);
      } else if (BITS.containsKey(lower)) {
        flags |= 1L << BITS.get(lower);
      }
    }
    return flags;
  }

  private static Map<String, Integer> bits() {
    Map<String, Integer> bits = new HashMap<>();
    for (String row : TABLE) {
      int equals = row.indexOf('=');
      for (String word : Words.of(row.substring(equals + 1))) {
        bits.put(word, Integer.valueOf(row.substring(0, equals)));
      }
    }
    return bits;
  }
}
