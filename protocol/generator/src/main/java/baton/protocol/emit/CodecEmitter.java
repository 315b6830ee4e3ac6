package baton.protocol.emit;

import baton.protocol.schema.Field;
import baton.protocol.schema.Layout;
import baton.protocol.schema.Property;
import baton.protocol.schema.ReleaseSet;
import baton.protocol.schema.WireType;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import javax.lang.model.element.Modifier;

/** Writes the codec of a layout: decoding and encoding in every release, in small methods. */
final class CodecEmitter {

  private final Names names;
  private final Layout layout;
  private final Conditions conditions;
  private final ReadCode reads;
  private final WriteCode writes;

  CodecEmitter(Names names, Layout layout) {
    this.names = names;
    this.layout = layout;
    this.conditions = new Conditions(names, layout);
    this.reads = new ReadCode(names);
    this.writes = new WriteCode(names);
  }

  JavaFile emit() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(names.codec(layout.name()))
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc(
                "Reads and writes {@link $T} in every release. Any thread may call it.\n",
                names.value(layout.name()))
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    List<List<Field>> parts = Chunks.of(layout.fields());
    type.addMethod(decode(parts.size()));
    type.addMethod(encode(parts.size()));
    for (int part = 0; part < parts.size(); part++) {
      type.addMethod(
          MethodSpec.methodBuilder("decode" + part)
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .addParameter(names.builder(layout.name()), "value")
              .addParameter(Names.READER, "in")
              .addParameter(names.release(), "release")
              .addCode(statements(parts.get(part), this::readStatement))
              .build());
      type.addMethod(
          MethodSpec.methodBuilder("encode" + part)
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .addParameters(encodeParameters())
              .addCode(statements(parts.get(part), this::writeStatement))
              .build());
    }
    reads.methods().forEach(type::addMethod);
    writes.methods().forEach(type::addMethod);
    return JavaFile.builder(names.target().codecPackage(), type.build()).build();
  }

  private List<ParameterSpec> encodeParameters() {
    return List.of(
        ParameterSpec.builder(names.value(layout.name()), "value").build(),
        ParameterSpec.builder(Names.WRITER, "out").build(),
        ParameterSpec.builder(names.release(), "release").build());
  }

  private MethodSpec decode(int parts) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("decode")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addJavadoc("Fails with {@link $T} alone.\n", Names.EXCEPTION)
            .addParameter(Names.READER, "in")
            .addParameter(names.release(), "release")
            .returns(names.value(layout.name()))
            .addCode(refuseOtherReleases("in"))
            .addStatement("$1T value = $2T.builder()", builderType(), names.value(layout.name()))
            .beginControlFlow("try")
            .addStatement("in.charge($S, $L)", "value", 24 + 8 * layout.properties().size());
    for (int part = 0; part < parts; part++) {
      method.addStatement("decode$L(value, in, release)", part);
    }
    return rethrow(method).addStatement("return value.build()").build();
  }

  private Object builderType() {
    return names.builder(layout.name());
  }

  private MethodSpec encode(int parts) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("encode")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .addJavadoc(
                "Fails with {@link $T} when the value cannot be told in that release.\n",
                Names.EXCEPTION)
            .addParameters(encodeParameters())
            .addCode(refuseOtherReleases("out"))
            .beginControlFlow("try");
    for (Property property : layout.properties()) {
      ReleaseSet missing = layout.releases().minus(property.releases());
      if (property.older() == Field.Older.REFUSE && !missing.isEmpty()) {
        method
            .beginControlFlow(
                "if (($L) && !$T.equals(value.$N(), $T.DEFAULT.$N()))",
                conditions.spoken(missing, layout.releases()),
                Objects.class,
                property.name(),
                names.value(layout.name()),
                property.name())
            .addStatement(
                "throw out.error($S, $S + release)", property.name(), "cannot be told in release ")
            .endControlFlow();
      }
    }
    for (int part = 0; part < parts; part++) {
      method.addStatement("encode$L(value, out, release)", part);
    }
    return rethrow(method).build();
  }

  private MethodSpec.Builder rethrow(MethodSpec.Builder method) {
    return method
        .nextControlFlow("catch ($T error)", Names.EXCEPTION)
        .addStatement("throw error.in($S)", layout.name())
        .endControlFlow();
  }

  private CodeBlock refuseOtherReleases(String side) {
    CodeBlock spoken = conditions.spoken(layout.releases(), names.schema().releases().all());
    if (spoken.isEmpty()) {
      return CodeBlock.of("");
    }
    return CodeBlock.builder()
        .beginControlFlow("if (!($L))", spoken)
        .addStatement(
            "throw $N.error($S, $S + release).in($S)",
            side,
            "release",
            "does not stand in release ",
            layout.name())
        .endControlFlow()
        .build();
  }

  /** Statements for entries, those of equal releases under one {@code if}. */
  private CodeBlock statements(
      List<Field> fields, BiFunction<Field, Property, CodeBlock> statement) {
    CodeBlock.Builder code = CodeBlock.builder();
    int at = 0;
    while (at < fields.size()) {
      ReleaseSet releases = fields.get(at).releases();
      CodeBlock spoken = conditions.spoken(releases, layout.releases());
      if (!spoken.isEmpty()) {
        code.beginControlFlow("if ($L)", spoken);
      }
      while (at < fields.size() && fields.get(at).releases().equals(releases)) {
        addStatement(code, fields.get(at), statement);
        at++;
      }
      if (!spoken.isEmpty()) {
        code.endControlFlow();
      }
    }
    return code.build();
  }

  private void addStatement(
      CodeBlock.Builder code, Field field, BiFunction<Field, Property, CodeBlock> statement) {
    if (field.when() != null) {
      code.beginControlFlow("if ($L)", conditions.holds(field.when(), "value"));
    }
    code.addStatement(statement.apply(field, layout.property(field.name())));
    if (field.when() != null) {
      code.endControlFlow();
    }
  }

  private CodeBlock readStatement(Field field, Property property) {
    return CodeBlock.of("value.$N($L)", field.name(), reads.entry(field, property, count(field)));
  }

  private CodeBlock writeStatement(Field field, Property property) {
    return writes.entry(field, property, count(field));
  }

  private CodeBlock count(Field field) {
    return field.type() instanceof WireType.Many many && many.expression() != null
        ? conditions.count(many.expression(), "value")
        : null;
  }
}
