package baton.protocol.emit;

import baton.protocol.schema.Layout;
import baton.protocol.schema.Property;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/** Writes {@code equals}, {@code hashCode} and {@code toString} of a value, in parts. */
final class ObjectMethods {

  private final ClassName self;
  private final Names names;
  private final List<List<Property>> parts;

  ObjectMethods(Names names, Layout layout) {
    this.self = names.value(layout.name());
    this.names = names;
    this.parts = Chunks.of(layout.properties());
  }

  void addTo(TypeSpec.Builder type) {
    CodeBlock.Builder equal = CodeBlock.builder();
    CodeBlock.Builder hash = CodeBlock.builder();
    CodeBlock.Builder print = CodeBlock.builder();
    for (int part = 0; part < parts.size(); part++) {
      equal.add(" && equal$L(that)", part);
      hash.addStatement("hash = hash$L(hash)", part);
      print.addStatement("print$L(text)", part);
      type.addMethod(equalPart(part));
      type.addMethod(hashPart(part));
      type.addMethod(printPart(part));
    }
    type.addMethod(
        override("equals", TypeName.BOOLEAN)
            .addParameter(Object.class, "other")
            .addStatement(
                parts.isEmpty()
                    ? "return other instanceof $T"
                    : "return other instanceof $T that$L",
                parts.isEmpty() ? new Object[] {self} : new Object[] {self, equal.build()})
            .build());
    type.addMethod(
        override("hashCode", TypeName.INT)
            .addStatement("int hash = 1")
            .addCode(hash.build())
            .addStatement("return hash")
            .build());
    type.addMethod(
        override("toString", Names.STRING)
            .addStatement("StringBuilder text = new StringBuilder($S)", self.simpleName() + "[")
            .addCode(print.build())
            .addStatement("return text.append(']').toString()")
            .build());
  }

  private static MethodSpec.Builder override(String name, TypeName returns) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(returns);
  }

  private MethodSpec equalPart(int part) {
    CodeBlock.Builder all = CodeBlock.builder();
    String joint = "";
    for (Property property : parts.get(part)) {
      TypeName type = names.type(property.type());
      String comparison = "$1T.equals($2N, that.$2N)";
      Object owner = Objects.class;
      if (type.equals(TypeName.DOUBLE)) {
        comparison = "$1T.compare($2N, that.$2N) == 0";
        owner = Double.class;
      } else if (type.isPrimitive()) {
        all.add(joint + "$1N == that.$1N", property.name());
        joint = "\n&& ";
        continue;
      }
      all.add(joint + comparison, owner, property.name());
      joint = "\n&& ";
    }
    return MethodSpec.methodBuilder("equal" + part)
        .addModifiers(Modifier.PRIVATE)
        .returns(TypeName.BOOLEAN)
        .addParameter(self, "that")
        .addStatement("return $L", all.build())
        .build();
  }

  private MethodSpec hashPart(int part) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("hash" + part)
            .addModifiers(Modifier.PRIVATE)
            .returns(TypeName.INT)
            .addParameter(TypeName.INT, "start")
            .addStatement("int hash = start");
    for (Property property : parts.get(part)) {
      TypeName type = names.type(property.type());
      Object owner = type.isPrimitive() ? type.box() : Objects.class;
      method.addStatement("hash = 31 * hash + $T.hashCode(this.$N)", owner, property.name());
    }
    return method.addStatement("return hash").build();
  }

  private MethodSpec printPart(int part) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("print" + part)
            .addModifiers(Modifier.PRIVATE)
            .addParameter(StringBuilder.class, "out");
    boolean first = part == 0;
    for (Property property : parts.get(part)) {
      method.addStatement(
          "out.append($S).append(this.$N)",
          (first ? "" : ", ") + property.name() + "=",
          property.name());
      first = false;
    }
    return method.build();
  }
}
