package baton.dist;

import baton.controller.conf.ConfOutcome;
import baton.controller.conf.ConfProblem;
import baton.controller.conf.SlurmConf;
import baton.controller.conf.SystemUsers;
import baton.importer.read.StateDirectory;
import baton.importer.read.StateSource;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code baton import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Reads what slurmctld saved, and prints file by file what is in it and what is damaged.",
      "Nothing is written. No slurmctld may run on the directory meanwhile: it may be a copy."
    },
    footer = {
      "",
      "Exit codes: 0 read, 1 cannot be read, 2 wrong usage or configuration, 4 with --strict if"
          + " anything is damaged."
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--slurm-conf",
      paramLabel = "FILE",
      defaultValue = "${env:SLURM_CONF:-/etc/slurm/slurm.conf}",
      description = "The cluster's slurm.conf; default: ${DEFAULT-VALUE}.")
  private Path slurmConf;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      required = true,
      description = "StateSaveLocation, or a copy of it.")
  private Path directory;

  @Option(names = "--strict", description = "Refuse, with exit code 4, if anything is damaged.")
  private boolean strict;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      return fail(err, directory + " is no directory that can be read");
    }
    Progress progress = Progress.on(Progress.isTerminal() ? err : null, directory);
    Optional<StateDirectory> state = StateDirectory.open(progress.watch(StateSource.of(directory)));
    if (state.isEmpty()) {
      return fail(err, directory + " holds no file of a release that Baton knows");
    }
    SlurmConf.Host host = new SlurmConf.Host("localhost", new SystemUsers());
    ConfOutcome outcome = SlurmConf.load(slurmConf.toAbsolutePath(), state.get().release(), host);
    if (!(outcome instanceof ConfOutcome.Loaded loaded)) {
      outcome.problems().stream()
          .filter(problem -> problem.severity() == ConfProblem.Severity.ERROR)
          .forEach(err::println);
      err.flush();
      return ExitCode.USAGE;
    }
    SavedState saved = SavedState.read(state.get());
    progress.end();
    saved.compare(loaded.conf().clusterName());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      SavedStateReport.json(out, saved);
    } else {
      SavedStateReport.table(out, saved);
    }
    out.flush();
    return strict && !saved.faults().isEmpty() ? ExitCode.UNSAFE : ExitCode.DONE;
  }

  private static int fail(PrintWriter err, String why) {
    err.println(why);
    err.flush();
    return ExitCode.FAILED;
  }
}
