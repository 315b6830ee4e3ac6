package baton.importer.read;

import baton.importer.state.Fault;
import baton.importer.state.StateFormats;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the comparison of files has found until now. For one thread. */
final class Findings {

  private final List<Fault> faults = new ArrayList<>();
  private final Set<Fault> once = new HashSet<>();

  void tell(String path, String reason) {
    faults.add(Fault.of(path, reason));
  }

  void tell(JobId job, String reason) {
    tell(StateFormats.JOBS.fileName(), "job " + job.value() + " " + reason);
  }

  /** Of what every job would say again. */
  void tellOnce(String path, String reason) {
    Fault fault = Fault.of(path, reason);
    if (once.add(fault)) {
      faults.add(fault);
    }
  }

  /** The hosts of a list that may be null; none, with a finding, if it is no host list. */
  List<String> hosts(String path, String owner, String list) {
    try {
      return list == null ? List.of() : HostList.parse(list).hosts();
    } catch (HostListException e) {
      tell(path, owner + " names nodes wrongly: " + e.getMessage());
      return List.of();
    }
  }

  List<Fault> all() {
    return List.copyOf(faults);
  }
}
