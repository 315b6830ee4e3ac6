package baton.protocol.emit;

import baton.protocol.schema.Layout;
import baton.protocol.schema.MessageType;
import baton.protocol.schema.ReleaseSet;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** Writes what leads from a message type to the codec of its body, and to its samples. */
final class TableCodecEmitter {

  private final Names names;
  private final ReleaseSet all;

  TableCodecEmitter(Names names) {
    this.names = names;
    this.all = names.schema().releases().all();
  }

  /** One way to deal with a body of that layout. */
  private interface Body {
    CodeBlock statement(String layout);
  }

  JavaFile emit() {
    MethodSpec decode =
        MethodSpec.methodBuilder("decodeBody")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addJavadoc(
                """
                The body; null where the type has none. Bytes may remain.
                Fails with {@link $T} alone.
                """,
                Names.EXCEPTION)
            .addParameter(names.target().table(), "type")
            .addParameter(Names.READER, "in")
            .addParameter(names.release(), "release")
            .returns(Object.class)
            .addCode(
                cases(
                    layout -> CodeBlock.of("return $T.decode(in, release)", names.codec(layout)),
                    CodeBlock.of("return null")))
            .build();
    MethodSpec encode =
        MethodSpec.methodBuilder("encodeBody")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addJavadoc(
                """
                Writes the body, which must be of the type's class; ignored where it has none.
                Fails with {@link $T} when it cannot be told in that release.
                """,
                Names.EXCEPTION)
            .addParameter(names.target().table(), "type")
            .addParameter(Object.class, "body")
            .addParameter(Names.WRITER, "out")
            .addParameter(names.release(), "release")
            .addCode(
                cases(
                    layout ->
                        CodeBlock.of(
                            "$T.encode(($T) body, out, release)",
                            names.codec(layout),
                            names.value(layout)),
                    null))
            .build();
    ClassName self = names.target().tableCodec();
    TypeSpec type =
        TypeSpec.classBuilder(self)
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("Reads and writes the body of any type. Any thread may call it.\n")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
            .addMethod(decode)
            .addMethod(encode)
            .build();
    return JavaFile.builder(self.packageName(), type).build();
  }

  /** {@code Samples}: one value of each layout, and of the body of each type. */
  JavaFile emitSamples() {
    ClassName self = ClassName.get(names.target().codecPackage(), "Samples");
    TypeSpec.Builder type =
        TypeSpec.classBuilder(self)
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc(
                "Values for tests, the same for the same seed: what they hold stands in the"
                    + " release.\n")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (Layout layout : names.schema().layouts()) {
      String name = layout.name();
      type.addMethod(
          MethodSpec.methodBuilder(Character.toLowerCase(name.charAt(0)) + name.substring(1))
              .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
              .addParameter(TypeName.LONG, "seed")
              .addParameter(names.release(), "release")
              .returns(names.value(name))
              .addStatement(
                  "return $T.of(new $T(seed), release)", names.sample(name), Names.SAMPLER)
              .build());
    }
    if (!names.schema().types().isEmpty()) {
      type.addMethod(sampleBody());
    }
    return JavaFile.builder(self.packageName(), type.build()).build();
  }

  private MethodSpec sampleBody() {
    return MethodSpec.methodBuilder("body")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("A body of that type; null where it has none.\n")
        .addParameter(names.target().table(), "type")
        .addParameter(TypeName.LONG, "seed")
        .addParameter(names.release(), "release")
        .returns(Object.class)
        .addCode(
            cases(
                layout ->
                    CodeBlock.of(
                        "return $T.of(new $T(seed), release)", names.sample(layout), Names.SAMPLER),
                CodeBlock.of("return null")))
        .build();
  }

  private CodeBlock cases(Body body, CodeBlock none) {
    CodeBlock.Builder code = CodeBlock.builder().beginControlFlow("switch (type)");
    TableEmitter.byName(names.schema())
        .forEach(
            (type, rows) -> {
              Map<ReleaseSet, String> layouts = new LinkedHashMap<>();
              rows.forEach(row -> layouts.putAll(row.layouts()));
              if (!layouts.isEmpty()) {
                code.beginControlFlow("case $L ->", type);
                addCase(code, rows, layouts, body, none);
                code.endControlFlow();
              }
            });
    code.beginControlFlow("default ->");
    if (none != null) {
      code.addStatement(none);
    }
    return code.endControlFlow().endControlFlow().build();
  }

  private void addCase(
      CodeBlock.Builder code,
      List<MessageType> rows,
      Map<ReleaseSet, String> layouts,
      Body body,
      CodeBlock none) {
    ReleaseSet spoken =
        rows.stream().map(MessageType::releases).reduce(new ReleaseSet(0), ReleaseSet::or);
    ReleaseSet covered = layouts.keySet().stream().reduce(new ReleaseSet(0), ReleaseSet::or);
    boolean sole = layouts.size() == 1 && spoken.minus(covered).isEmpty();
    Conditions conditions = new Conditions(names, null);
    for (Map.Entry<ReleaseSet, String> entry : layouts.entrySet()) {
      CodeBlock condition = sole ? CodeBlock.of("") : conditions.spoken(entry.getKey(), all);
      if (!condition.isEmpty()) {
        code.beginControlFlow("if ($L)", condition);
      }
      code.addStatement(body.statement(entry.getValue()));
      if (!condition.isEmpty()) {
        code.endControlFlow();
      }
    }
    if (!sole && none != null) {
      code.addStatement(none);
    }
  }
}
