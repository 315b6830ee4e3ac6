package baton.controller.check;

/**
 * An invariant that does not hold.
 *
 * @param invariant its name, such as I2
 * @param what what was seen
 */
public record Violation(String invariant, String what) {
  @Override
  public String toString() {
    return invariant + ": " + what;
  }
}
