package baton.controller.sim;

import baton.controller.sim.Timeline.Actor;
import baton.protocol.message.BatchJobLaunch;
import baton.protocol.type.JobId;
import java.util.BitSet;

/** One attempt at a batch script on its node: the slurmstepd around it, and what it uses. */
final class Script {
  private final BatchJobLaunch launch;
  private final BitSet cores;
  private final Actor process;
  private boolean started;
  private boolean over;
  private boolean aborted;

  Script(BatchJobLaunch launch, Actor process) {
    this.launch = launch;
    this.process = process;
    // of the node that comes first: the batch host
    int size =
        launch.credential().body().socketsPerNode().get(0)
            * launch.credential().body().coresPerSocket().get(0);
    this.cores = launch.credential().body().jobCores().toBitSet().get(0, size);
  }

  JobId jobId() {
    return launch.jobId();
  }

  int restartCount() {
    return launch.restartCount();
  }

  long credentialTime() {
    return launch.credential().body().creationTime();
  }

  BitSet cores() {
    return cores;
  }

  long memoryMiB() {
    return launch.credential().body().jobMemoryMib().get(0);
  }

  Actor process() {
    return process;
  }

  /** How long it runs, as its text says: {@code sleep N}. */
  long runSeconds() {
    return number("sleep ");
  }

  /** What it ends with, as its text says: {@code exit N}. */
  int exitCode() {
    return (int) number("exit ");
  }

  private long number(String word) {
    String text = launch.script();
    int begin = text.indexOf(word) + word.length();
    return Long.parseLong(text.substring(begin, text.indexOf('\n', begin)));
  }

  static String text(long runSeconds, int exitCode) {
    return "#!/bin/sh\nsleep " + runSeconds + "\nexit " + exitCode + "\n";
  }

  boolean isStarted() {
    return started;
  }

  void start() {
    started = true;
  }

  /** The script has ended, whether the controller knows it or not. */
  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
  }

  boolean isAborted() {
    return aborted;
  }

  void abort() {
    aborted = true;
  }
}
