package baton.protocol.emit;

import baton.protocol.schema.DefaultValue;
import baton.protocol.schema.Layout;
import baton.protocol.schema.Property;
import baton.protocol.schema.ValueType;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/** Writes the immutable value of a layout, with its builder. */
final class ValueEmitter {

  private final Names names;
  private final Layout layout;

  ValueEmitter(Names names, Layout layout) {
    this.names = names;
    this.layout = layout;
  }

  JavaFile emit() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(names.value(layout.name()))
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc(Names.javadoc(layout.doc()))
            .addJavadoc(
                "\n<p>Stands in $L.\n", names.schema().releases().describe(layout.releases()));
    for (String name : layout.interfaces()) {
      type.addSuperinterface(names.wrapper(name));
    }
    for (Property property : layout.properties()) {
      if (property.type() instanceof ValueType.Wrapped && !property.nullable()) {
        type.addField(wrappedDefault(property));
      }
    }
    type.addField(
        FieldSpec.builder(names.value(layout.name()), "DEFAULT")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addJavadoc("All properties at their defaults.\n")
            .initializer("builder().build()")
            .build());
    for (Property property : layout.properties()) {
      type.addField(names.type(property.type()), property.name(), Modifier.PRIVATE, Modifier.FINAL);
    }
    type.addMethod(constructor());
    type.addMethod(builderFactory());
    type.addMethod(toBuilder());
    for (Property property : layout.properties()) {
      type.addMethod(accessor(property));
    }
    new ObjectMethods(names, layout).addTo(type);
    type.addType(builder());
    return JavaFile.builder(names.value(layout.name()).packageName(), type.build()).build();
  }

  private FieldSpec wrappedDefault(Property property) {
    long value =
        property.defaultValue() instanceof DefaultValue.Numeric number ? number.value() : 0;
    TypeName type = names.type(property.type());
    return FieldSpec.builder(type, Names.constant(property) + "_DEFAULT")
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
        .initializer("$T.of($LL)", type, value)
        .build();
  }

  private MethodSpec constructor() {
    MethodSpec.Builder method =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(names.builder(layout.name()), "from");
    for (Property property : layout.properties()) {
      method.addStatement("this.$1N = from.$1N", property.name());
    }
    return method.build();
  }

  private MethodSpec builderFactory() {
    return MethodSpec.methodBuilder("builder")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .returns(names.builder(layout.name()))
        .addStatement("return new Builder()")
        .build();
  }

  private MethodSpec toBuilder() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("toBuilder")
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("A builder that starts with these values.\n")
            .returns(names.builder(layout.name()))
            .addStatement("Builder copy = new Builder()");
    for (Property property : layout.properties()) {
      method.addStatement("copy.$1N = $1N", property.name());
    }
    return method.addStatement("return copy").build();
  }

  private MethodSpec accessor(Property property) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(property.name())
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc(Names.javadoc(property.doc()))
            .returns(names.type(property.type()))
            .addStatement("return $N", property.name());
    if (!property.releases().equals(layout.releases())) {
      method.addJavadoc(
          "\n<p>Stands in $L.\n", names.schema().releases().describe(property.releases()));
    }
    if (property.nullable()) {
      method.addJavadoc("\n<p>May be null.\n");
    }
    return method.build();
  }

  private TypeSpec builder() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder("Builder")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addJavadoc("Collects the properties of one value. For one thread at a time.\n");
    for (Property property : layout.properties()) {
      FieldSpec.Builder field =
          FieldSpec.builder(names.type(property.type()), property.name(), Modifier.PRIVATE);
      CodeBlock initial = initial(property);
      if (!initial.isEmpty()) {
        field.initializer(initial);
      }
      type.addField(field.build());
    }
    type.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (Property property : layout.properties()) {
      type.addMethod(setter(property));
      type.addMethod(
          MethodSpec.methodBuilder(property.name())
              .addModifiers(Modifier.PUBLIC)
              .addJavadoc("What it is so far.\n")
              .returns(names.type(property.type()))
              .addStatement("return $N", property.name())
              .build());
    }
    type.addMethod(
        MethodSpec.methodBuilder("build")
            .addModifiers(Modifier.PUBLIC)
            .returns(names.value(layout.name()))
            .addStatement("return new $T(this)", names.value(layout.name()))
            .build());
    return type.build();
  }

  private MethodSpec setter(Property property) {
    return MethodSpec.methodBuilder(property.name())
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc(Names.javadoc(property.doc()))
        .addParameter(names.type(property.type()), property.name())
        .returns(names.builder(layout.name()))
        .addStatement("this.$N = $L", property.name(), checked(property))
        .addStatement("return this")
        .build();
  }

  /** The setter's argument, copied if it is a list, refused if it is null and must not be. */
  private CodeBlock checked(Property property) {
    String name = property.name();
    boolean primitive = names.type(property.type()).isPrimitive();
    if (property.type() instanceof ValueType.Items items) {
      Object copy = items.nullableItems() ? Names.NULLABLE_LIST : List.class;
      return property.nullable()
          ? CodeBlock.of("$1N == null ? null : $2T.copyOf($1N)", name, copy)
          : CodeBlock.of("$2T.copyOf($1N)", name, copy);
    }
    if (primitive || property.nullable()) {
      return CodeBlock.of("$N", name);
    }
    return CodeBlock.of("$T.requireNonNull($N, $S)", Objects.class, name, name);
  }

  private CodeBlock initial(Property property) {
    ValueType type = property.type();
    if (property.defaultValue() instanceof DefaultValue.Text text) {
      return type instanceof ValueType.Wrapped
          ? CodeBlock.of("$T.of($S)", names.type(type), text.value())
          : CodeBlock.of("$S", text.value());
    }
    if (property.nullable()) {
      return CodeBlock.of("");
    }
    if (type instanceof ValueType.Plain plain) {
      return plain(plain, property.defaultValue());
    }
    if (type instanceof ValueType.Nested nested) {
      return CodeBlock.of("$T.DEFAULT", names.value(nested.layout()));
    }
    if (type instanceof ValueType.Wrapped) {
      return CodeBlock.of("$L", Names.constant(property) + "_DEFAULT");
    }
    return CodeBlock.of("$T.of()", List.class);
  }

  private static CodeBlock plain(ValueType.Plain type, DefaultValue value) {
    long number = value instanceof DefaultValue.Numeric numeric ? numeric.value() : 0;
    return switch (type) {
      case BOOLEAN -> CodeBlock.of(number == 0 ? "" : "true");
      case INT -> number == 0 ? CodeBlock.of("") : CodeBlock.of("$L", number);
      case LONG -> number == 0 ? CodeBlock.of("") : CodeBlock.of("$LL", number);
      case DOUBLE -> {
        double decimal =
            value instanceof DefaultValue.Decimal given ? given.value() : (double) number;
        yield decimal == 0 ? CodeBlock.of("") : CodeBlock.of("$L", decimal);
      }
      case INTS -> CodeBlock.of("$T.EMPTY", Names.INTS);
      case LONGS -> CodeBlock.of("$T.EMPTY", Names.LONGS);
      case STRING, BYTES, BITS, INSTANT -> CodeBlock.of("");
    };
  }
}
