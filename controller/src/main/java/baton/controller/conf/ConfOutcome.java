package baton.controller.conf;

import java.util.List;

/** What came of reading slurm.conf. */
public sealed interface ConfOutcome {

  /** All that a person should know, in the order of reading. */
  List<ConfProblem> problems();

  /** It can be used; the problems are warnings and notes. */
  record Loaded(SlurmConf conf, List<ConfProblem> problems) implements ConfOutcome {}

  /** It cannot; at least one problem is an error. */
  record Refused(List<ConfProblem> problems) implements ConfOutcome {}
}
