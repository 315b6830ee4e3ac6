package baton.dist;

/** What the command's exit codes mean, for all subcommands. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int UNSAFE = 4;

  private ExitCode() {}
}
