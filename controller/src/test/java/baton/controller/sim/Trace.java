package baton.controller.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened: always its digest, and its lines where somebody wants to read them. */
final class Trace {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final boolean kept;
  private final List<String> lines = new ArrayList<>();
  private long digest = 1;
  private long nanos;

  Trace(boolean kept) {
    this.kept = kept;
  }

  void step(long now, long order) {
    nanos = now;
    mix(now);
    mix(order);
  }

  private void mix(long value) {
    digest = (digest ^ value) * MIX;
    digest ^= digest >>> 32;
  }

  /** Says that something happened; {@code parts} are joined by spaces. */
  void say(Object... parts) {
    if (!kept) {
      for (Object part : parts) {
        mix(part instanceof Number number ? number.longValue() : part.toString().hashCode());
      }
      return;
    }
    StringBuilder line =
        new StringBuilder(String.format(Locale.ROOT, "%10.3f", nanos / (double) Timeline.SECOND));
    for (Object part : parts) {
      mix(part instanceof Number number ? number.longValue() : part.toString().hashCode());
      line.append(' ').append(part);
    }
    lines.add(line.toString());
  }

  long digest() {
    return digest;
  }

  List<String> lines() {
    return lines;
  }
}
