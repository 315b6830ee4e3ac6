package baton.protocol.emit;

import baton.protocol.schema.Condition;
import baton.protocol.schema.Field;
import baton.protocol.schema.Layout;
import baton.protocol.schema.Property;
import baton.protocol.schema.ReleaseSet;
import baton.protocol.schema.ValueType;
import baton.protocol.schema.WireType;
import baton.protocol.schema.WireType.Count;
import baton.protocol.schema.WireType.Scalar;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;

/**
 * Writes what makes a sample of a layout: values drawn in the order of the wire, so that conditions
 * and counts are met; numbers that conditions ask about are drawn from what they are compared with.
 */
final class SampleEmitter {

  private final Names names;
  private final Layout layout;
  private final Conditions conditions;

  SampleEmitter(Names names, Layout layout) {
    this.names = names;
    this.layout = layout;
    this.conditions = new Conditions(names, layout);
  }

  JavaFile emit() {
    ClassName builder = names.builder(layout.name());
    List<List<Field>> parts = Chunks.of(layout.fields());
    MethodSpec.Builder of =
        MethodSpec.methodBuilder("of")
            .addModifiers(Modifier.STATIC)
            .addParameter(Names.SAMPLER, "from")
            .addParameter(names.release(), "release")
            .returns(names.value(layout.name()))
            .addStatement("$T value = $T.builder()", builder, names.value(layout.name()));
    TypeSpec.Builder type =
        TypeSpec.classBuilder(names.sample(layout.name()))
            .addModifiers(Modifier.FINAL)
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (int part = 0; part < parts.size(); part++) {
      of.addStatement("draw$L(value, from, release)", part);
      CodeBlock.Builder draws = CodeBlock.builder();
      parts.get(part).forEach(field -> draw(field, draws));
      type.addMethod(
          MethodSpec.methodBuilder("draw" + part)
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .addParameter(builder, "value")
              .addParameter(Names.SAMPLER, "from")
              .addParameter(names.release(), "release")
              .addCode(draws.build())
              .build());
    }
    type.addMethod(of.addStatement("return value.build()").build());
    return JavaFile.builder(names.target().codecPackage(), type.build()).build();
  }

  private void draw(Field field, CodeBlock.Builder code) {
    ReleaseSet releases = field.releases();
    CodeBlock spoken = conditions.spoken(releases, layout.releases());
    CodeBlock condition = spoken;
    if (field.when() != null) {
      CodeBlock when = conditions.holds(field.when(), "value");
      condition = spoken.isEmpty() ? when : CodeBlock.of("($L) && ($L)", spoken, when);
    }
    if (!condition.isEmpty()) {
      code.beginControlFlow("if ($L)", condition);
    }
    Property property = layout.property(field.name());
    code.addStatement("value.$N($L)", field.name(), entry(field, property));
    if (!condition.isEmpty()) {
      code.endControlFlow();
    }
  }

  private CodeBlock entry(Field field, Property property) {
    ValueType type = property.type();
    if (!(field.type() instanceof Scalar scalar)) {
      CodeBlock count = null;
      if (field.type() instanceof WireType.Many many && many.expression() != null) {
        count = conditions.count(many.expression(), "value");
      }
      return value(field.type(), type, count);
    }
    if (!type.isInteger() && !(type instanceof ValueType.Wrapped)) {
      return value(scalar, type, null);
    }
    if (type == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("from.bool()");
    }
    CodeBlock number = number(scalar, property);
    if (type instanceof ValueType.Wrapped) {
      return wrapped(scalar, type);
    }
    return type == ValueType.Plain.INT && !isCount(property.name())
        ? CodeBlock.of("(int) $L", number)
        : number;
  }

  private CodeBlock number(Scalar scalar, Property property) {
    if (isCount(property.name())) {
      return CodeBlock.of("from.count()");
    }
    Set<Long> compared = compared(property.name(), scalar);
    boolean narrow = property.sentinels() && scalar.bytes() < property.widestBytes();
    long max = narrow ? scalar.max() - 2 : scalar.max();
    CodeBlock.Builder code =
        CodeBlock.builder().add("from.number($LL, $L", max, scalar == Scalar.I32);
    compared.forEach(value -> code.add(", $LL", value));
    return code.add(")").build();
  }

  private boolean isCount(String property) {
    for (Field field : layout.fields()) {
      if (field.type() instanceof WireType.Many many
          && many.expression() != null
          && many.expression().properties().contains(property)) {
        return true;
      }
    }
    return false;
  }

  private Set<Long> compared(String property, Scalar scalar) {
    Set<Long> values = new TreeSet<>();
    for (Field field : layout.fields()) {
      if (field.when() == null) {
        continue;
      }
      for (List<Condition.Comparison> all : field.when().alternatives()) {
        for (Condition.Comparison comparison : all) {
          if (comparison.property().equals(property)
              && comparison.operand() instanceof Condition.Constant constant) {
            values.add(constant.value());
            values.add(constant.value() + 1);
            values.add(0L);
          }
        }
      }
    }
    boolean bits = scalar.bytes() == 8;
    values.removeIf(value -> !bits && (value < 0 || value > scalar.max()));
    return values;
  }

  private CodeBlock wrapped(Scalar scalar, ValueType type) {
    return CodeBlock.of("from.typed($LL, $T::of)", scalar.max(), names.type(type));
  }

  private CodeBlock value(WireType type, ValueType value, CodeBlock count) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar, value);
    }
    if (type instanceof WireType.Text text) {
      if (value instanceof ValueType.Wrapped) {
        return CodeBlock.of("from.typedText($L, $T::of)", text.max(), names.type(value));
      }
      return text.decimal()
          ? CodeBlock.of("from.decimalText()")
          : CodeBlock.of("from.text($L)", text.max());
    }
    if (type instanceof WireType.Block block) {
      return CodeBlock.of("from.bytes($L)", block.max());
    }
    if (type instanceof WireType.Bits) {
      return CodeBlock.of("from.bits()");
    }
    if (type instanceof WireType.Struct struct) {
      return CodeBlock.of("$T.of(from, release)", names.sample(struct.layout()));
    }
    if (type instanceof WireType.Sized sized) {
      return CodeBlock.of(
          "from.bool() ? null : $T.of(from, release)", names.sample(sized.layout()));
    }
    return many((WireType.Many) type, value, count);
  }

  private CodeBlock scalar(Scalar scalar, ValueType value) {
    if (value == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("from.bool()");
    }
    if (value == ValueType.Plain.DOUBLE) {
      return CodeBlock.of("from.decimal()");
    }
    if (value == ValueType.Plain.INSTANT) {
      return CodeBlock.of("from.instant()");
    }
    return wrapped(scalar, value);
  }

  private CodeBlock many(WireType.Many many, ValueType value, CodeBlock told) {
    CodeBlock count = told != null ? told : CodeBlock.of("Math.min(from.count(), $L)", many.max());
    CodeBlock items;
    if (value == ValueType.Plain.INTS || value == ValueType.Plain.LONGS) {
      Scalar item = (Scalar) many.item();
      items =
          CodeBlock.of(
              "from.$L($L, $LL)",
              value == ValueType.Plain.INTS ? "ints" : "longs",
              count,
              item.max());
    } else {
      CodeBlock item = value(many.item(), ((ValueType.Items) value).item(), null);
      boolean mayBeMissing =
          !(many.item() instanceof Scalar)
              && !(many.item() instanceof WireType.Struct)
              && !many.nullableItems();
      items =
          CodeBlock.of(
              "from.items($L, () -> $L)",
              count,
              mayBeMissing ? CodeBlock.of("from.present(() -> $L)", item) : item);
    }
    return many.count() == Count.LIST ? CodeBlock.of("from.bool() ? null : $L", items) : items;
  }
}
