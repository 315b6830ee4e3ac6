package baton.controller.dispatch;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Programs as processes of this one's user, without input; what they print is dropped. */
public final class ProcessScripts implements ScriptRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessScripts.class);
  private static final File NOTHING = new File("/dev/null");

  private final Executor threads;

  /**
   * @param threads each program occupies one while it runs; bounds how many run at once
   */
  public ProcessScripts(Executor threads) {
    this.threads = threads;
  }

  @Override
  public Script run(
      List<String> command, List<String> environment, Duration limit, Consumer<Boolean> told) {
    Running running = new Running(command, environment, limit, told);
    try {
      threads.execute(running);
    } catch (RejectedExecutionException stopping) {
      told.accept(false);
    }
    return running;
  }

  /** One program, waited for on a thread of its own. */
  private static final class Running implements Runnable, Script {
    private final List<String> command;
    private final List<String> environment;
    private final Duration limit;
    private final Consumer<Boolean> told;

    // guarded by this
    private Process process;
    private boolean killed;

    Running(
        List<String> command, List<String> environment, Duration limit, Consumer<Boolean> told) {
      this.command = command;
      this.environment = environment;
      this.limit = limit;
      this.told = told;
    }

    @Override
    public void run() {
      boolean well = false;
      try {
        Process started = start();
        well = started != null && endsWell(started);
      } catch (IOException cannotStart) {
        LOG.error("{}: {}", command.get(0), cannotStart.getMessage());
      } catch (InterruptedException stopping) {
        kill();
        Thread.currentThread().interrupt();
      } finally {
        told.accept(well);
      }
    }

    private synchronized Process start() throws IOException {
      if (killed) {
        return null;
      }
      ProcessBuilder builder = new ProcessBuilder(command);
      Map<String, String> variables = builder.environment();
      variables.clear();
      for (String variable : environment) {
        int equals = variable.indexOf('=');
        variables.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
      builder.redirectInput(NOTHING).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      process = builder.start();
      return process;
    }

    private boolean endsWell(Process started) throws InterruptedException {
      if (limit == null) {
        started.waitFor();
      } else if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.error("{} ran for more than {} s and was killed", command.get(0), limit.toSeconds());
        kill();
        return false;
      }
      if (started.exitValue() != 0) {
        LOG.error("{} ended with code {}", command.get(0), started.exitValue());
      }
      return started.exitValue() == 0;
    }

    @Override
    public synchronized void kill() {
      killed = true;
      if (process != null) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
