package baton.dist;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code baton} command. */
@Command(
    name = "baton",
    mixinStandardHelpOptions = true,
    version = "baton 0.1.0",
    description = "A controller that takes a running Slurm cluster over from slurmctld.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 4 refused as unsafe.",
      "Environment: BATON_JAVA_OPTS, SLURM_CONF, MUNGE_SOCKET."
    },
    subcommands = {
      ControllerCommand.class,
      ClusterCommand.class,
      StatusCommand.class,
      ImportCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    })
public final class Baton implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
  }

  /** The command line, ready to execute. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Baton());
    commandLine
        .getSubcommands()
        .get("generate-completion")
        .getCommandSpec()
        .usageMessage()
        .hidden(false);
    return commandLine;
  }

  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    System.exit(code);
  }
}
