package baton.importer.state;

import baton.protocol.type.Bytes;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Script and environment of a batch job, which lie in files of their own: {@code
 * hash.D/job.ID/script} and {@code …/environment}, D being the last digit of the id. Tasks of an
 * array use those of the array's id.
 *
 * @param script its text without the NUL that ends the file; empty if missing or damaged
 * @param environment {@code NAME=value} each, without NUL; empty if missing or damaged
 */
public record JobFiles(Optional<Bytes> script, Optional<List<Bytes>> environment) {

  /** What paths of crontabs begin with; the number of the user follows. */
  public static final String CRONTABS = "crontab/crontab.";

  /** Where the script of a job is. */
  public static String scriptPath(JobId job) {
    return directory(job) + "/script";
  }

  /** Where its environment is. */
  public static String environmentPath(JobId job) {
    return directory(job) + "/environment";
  }

  /** Where the crontab of a user is; it is kept like a script. */
  public static String crontabPath(Uid user) {
    return CRONTABS + user.value();
  }

  private static String directory(JobId job) {
    return "hash." + job.value() % 10 + "/job." + job.value();
  }

  /** The text of a script; a fault if the file does not end with its only NUL. */
  public static Optional<Bytes> parseScript(String path, byte[] file, List<Fault> faults) {
    int end = indexOfNul(file, 0);
    if (end < 0 || end != file.length - 1) {
      faults.add(new Fault(path, end < 0 ? file.length : end, "no NUL at the end and only there"));
      return Optional.empty();
    }
    return Optional.of(Bytes.of(Arrays.copyOf(file, end)));
  }

  public static byte[] scriptFile(Bytes script) {
    ByteBuffer out = ByteBuffer.allocate(script.length() + 1);
    return out.put(script.asByteBuffer()).array();
  }

  /** The variables; a fault if their number or ends are wrong. */
  public static Optional<List<Bytes>> parseEnvironment(
      String path, byte[] file, List<Fault> faults) {
    if (file.length < Integer.BYTES) {
      faults.add(new Fault(path, 0, "no count"));
      return Optional.empty();
    }
    int count = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
    List<Bytes> variables = new ArrayList<>();
    int at = Integer.BYTES;
    while (at < file.length) {
      int end = indexOfNul(file, at);
      if (end < 0) {
        faults.add(new Fault(path, at, "a variable that is cut off"));
        return Optional.empty();
      }
      variables.add(Bytes.of(Arrays.copyOfRange(file, at, end)));
      at = end + 1;
    }
    if (count != variables.size()) {
      String told = Integer.toUnsignedString(count);
      faults.add(new Fault(path, 0, told + " variables told, " + variables.size() + " found"));
      return Optional.empty();
    }
    return Optional.of(List.copyOf(variables));
  }

  public static byte[] environmentFile(List<Bytes> variables) {
    int size = Integer.BYTES;
    for (Bytes variable : variables) {
      size = Math.addExact(size, variable.length() + 1);
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(variables.size());
    variables.forEach(variable -> out.put(variable.asByteBuffer()).put((byte) 0));
    return out.array();
  }

  private static int indexOfNul(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
