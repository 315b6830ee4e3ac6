package baton.protocol.schema;

import java.util.List;
import java.util.stream.Collectors;

/** Schemas that cannot be used, with all that was found wrong with them. */
public final class SchemaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public SchemaException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
