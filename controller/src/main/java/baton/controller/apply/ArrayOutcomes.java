package baton.controller.apply;

import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Job;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command came to for each task of an array, gathered by outcome. */
final class ArrayOutcomes {
  /** Characters for one group's tasks in slurmctld's answer, with the end of the text. */
  private static final int MOST_TEXT = 32;

  private final JobId array;
  private final boolean brackets;
  private final Map<SlurmError, BitSet> tasks = new LinkedHashMap<>();

  ArrayOutcomes(Change change, JobId array) {
    this.array = array;
    this.brackets = StandIn.isAtLeast(change.config(), Release.V26_05);
  }

  /** The error of a reply, or what it notes; SLURM_SUCCESS for neither. */
  static SlurmError error(Reply reply) {
    if (reply instanceof Reply.Rejected rejected) {
      return rejected.error();
    }
    boolean noted = reply instanceof Reply.Accepted accepted && accepted.note() != null;
    return noted ? ((Reply.Accepted) reply).note() : SlurmError.SLURM_SUCCESS;
  }

  void add(Job record, SlurmError error) {
    BitSet group = tasks.computeIfAbsent(error, any -> new BitSet());
    if (JobArrays.isTask(record)) {
      group.set((int) record.arrayTaskId());
    } else if (JobArrays.isUnsplit(record)) {
      group.or(record.arrayPendingTasks().toBitSet());
    }
  }

  void add(BitSet unknown, SlurmError error) {
    tasks.computeIfAbsent(error, any -> new BitSet()).or(unknown);
  }

  /** The group with the lowest task first. */
  Reply reply() {
    List<Map.Entry<SlurmError, BitSet>> groups = new ArrayList<>(tasks.entrySet());
    groups.removeIf(group -> group.getValue().isEmpty());
    groups.sort(Comparator.comparingInt(group -> group.getValue().nextSetBit(0)));
    List<Reply.TaskOutcome> outcomes = new ArrayList<>();
    for (Map.Entry<SlurmError, BitSet> group : groups) {
      String list = JobArrays.text(group.getValue(), MOST_TEXT);
      String text = array + "_" + (brackets ? "[" + list + "]" : list);
      boolean done = group.getKey() == SlurmError.SLURM_SUCCESS;
      outcomes.add(new Reply.TaskOutcome(text, done ? null : group.getKey()));
    }
    return new Reply.ByTask(outcomes);
  }
}
