package baton.protocol.generator;

import baton.protocol.emit.Emitter;
import baton.protocol.emit.Target;
import baton.protocol.evolve.ReleasedLock;
import baton.protocol.schema.Problem;
import baton.protocol.schema.Schema;
import baton.protocol.schema.SchemaCheck;
import baton.protocol.schema.SchemaException;
import baton.protocol.schema.SchemaReader;
import com.palantir.javapoet.ClassName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns a schema directory into Java sources and a reference.
 *
 * <pre>
 * --schema DIR               holds releases.json and the directories below
 * --package NAME=PACKAGE     layouts below DIR/NAME become values in PACKAGE; repeatable
 * --codecs PACKAGE           of codecs and samples; without it the schema is checked only
 * --release CLASS            the enum of releases, with a constant V22_05 for release 22.05
 * --table NAME               NAMEType and NAMECodec; default Message
 * --table-directory NAME     of the tables of message types; default messages
 * --table-package PACKAGE    of NAMEType; needed with tables alone
 * --types PACKAGE            where classes of "as" and "implements" are looked for; repeatable
 * --types-source DIR         source directory that holds such packages; repeatable
 * --sources DIR              output: values and codecs
 * --test-sources DIR         output: samples; may be the same directory
 * --reference DIR            output: pages in Markdown
 * --title TEXT               of the reference
 * --lock FILE                digests of released layouts: refuse other ones
 * --update-lock true         rewrite FILE and print what changed, instead of refusing
 * </pre>
 *
 * <p>Output directories end up holding what was generated and nothing else. Faults of the schema
 * are thrown as {@link SchemaException}, one line for each.
 */
public final class Main {

  private Main() {}

  public static void main(String... args) throws IOException {
    Arguments arguments = new Arguments(args);
    Map<String, String> packages = arguments.pairs("package");
    String tables =
        arguments.has("table-directory") ? arguments.one("table-directory") : "messages";
    Schema schema =
        SchemaReader.read(arguments.path("schema"), List.copyOf(packages.keySet()), tables);
    KnownClasses known =
        new KnownClasses(
            arguments.all("types"), arguments.all("types-source").stream().map(Path::of).toList());
    Map<String, ClassName> classes = known.namedBy(schema);
    List<Problem> problems = new ArrayList<>(SchemaCheck.problems(schema, classes::containsKey));
    if (problems.isEmpty()) {
      problems.addAll(SchemaCheck.unused(schema));
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
    checkLock(arguments, schema);
    if (arguments.has("codecs")) {
      emit(arguments, new Emitter(schema, target(arguments, packages, classes)));
    }
  }

  private static void checkLock(Arguments arguments, Schema schema) throws IOException {
    if (!arguments.has("lock")) {
      return;
    }
    ReleasedLock lock = ReleasedLock.read(arguments.path("lock"));
    if (arguments.has("update-lock")) {
      lock.changes(schema).forEach(System.out::println);
      ReleasedLock.of(schema).write(arguments.path("lock"));
      return;
    }
    List<Problem> problems = lock.problems(schema);
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  private static Target target(
      Arguments arguments, Map<String, String> packages, Map<String, ClassName> classes) {
    String codecs = arguments.one("codecs");
    return new Target(
        packages,
        codecs,
        ClassName.bestGuess(arguments.one("release")),
        arguments.has("table") ? arguments.one("table") : "Message",
        arguments.has("table-package") ? arguments.one("table-package") : codecs,
        classes);
  }

  private static void emit(Arguments arguments, Emitter emitter) throws IOException {
    Map<Path, Map<String, String>> trees = new LinkedHashMap<>();
    if (arguments.has("sources")) {
      trees
          .computeIfAbsent(arguments.path("sources"), path -> new TreeMap<>())
          .putAll(emitter.sources());
    }
    if (arguments.has("test-sources")) {
      trees
          .computeIfAbsent(arguments.path("test-sources"), path -> new TreeMap<>())
          .putAll(emitter.testSources());
    }
    for (Map.Entry<Path, Map<String, String>> tree : trees.entrySet()) {
      Emitter.write(tree.getKey(), tree.getValue());
    }
    if (arguments.has("reference")) {
      String title = arguments.has("title") ? arguments.one("title") : "Reference";
      Emitter.write(arguments.path("reference"), emitter.reference(title));
    }
  }
}
