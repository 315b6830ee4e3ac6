package baton.controller.query;

import java.util.List;

/** Signals in the words of Linux' C library, as Slurm shows them. */
final class SignalText {
  private static final List<String> WORDS =
      List.of(
          "Hangup",
          "Interrupt",
          "Quit",
          "Illegal instruction",
          "Trace/breakpoint trap",
          "Aborted",
          "Bus error",
          "Floating point exception",
          "Killed",
          "User defined signal 1",
          "Segmentation fault",
          "User defined signal 2",
          "Broken pipe",
          "Alarm clock",
          "Terminated",
          "Stack fault",
          "Child exited",
          "Continued",
          "Stopped (signal)",
          "Stopped",
          "Stopped (tty input)",
          "Stopped (tty output)",
          "Urgent I/O condition",
          "CPU time limit exceeded",
          "File size limit exceeded",
          "Virtual timer expired",
          "Profiling timer expired",
          "Window changed",
          "I/O possible",
          "Power failure",
          "Bad system call");

  private static final int FIRST_REAL_TIME = 34;
  private static final int LAST_REAL_TIME = 64;

  private SignalText() {}

  static String of(int signal) {
    if (signal >= FIRST_REAL_TIME && signal <= LAST_REAL_TIME) {
      return "Real-time signal " + (signal - FIRST_REAL_TIME);
    }
    return signal >= 1 && signal <= WORDS.size()
        ? WORDS.get(signal - 1)
        : "Unknown signal " + signal;
  }
}
