package baton.protocol.emit;

import baton.protocol.schema.Field;
import baton.protocol.schema.Property;
import baton.protocol.schema.ValueType;
import baton.protocol.schema.WireType;
import baton.protocol.schema.WireType.Count;
import baton.protocol.schema.WireType.Scalar;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Java statements that write one entry, and the methods for lists that they call. */
final class WriteCode {

  private final Names names;
  private final List<MethodSpec> methods = new ArrayList<>();

  WriteCode(Names names) {
    this.names = names;
  }

  /** The methods that the statements given so far need. */
  List<MethodSpec> methods() {
    return methods;
  }

  /**
   * Writes one entry of the value called {@code value}.
   *
   * @param count the number of items, for {@code T[expr]} alone
   */
  CodeBlock entry(Field field, Property property, CodeBlock count) {
    CodeBlock get = CodeBlock.of("value.$N()", field.name());
    if (field.type() instanceof Scalar scalar && property.type().isInteger()) {
      return integer(scalar, property, get);
    }
    return write(field.type(), property.type(), field.name(), get, count, property.nullable());
  }

  private static CodeBlock integer(Scalar scalar, Property property, CodeBlock get) {
    if (property.type() == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("out.bool($S, $L)", property.name(), get);
    }
    boolean unsigned = scalar == Scalar.U8 || scalar == Scalar.U16 || scalar == Scalar.U32;
    if (unsigned && scalar.bytes() < property.widestBytes()) {
      CodeBlock narrowed =
          CodeBlock.of(
              "out.narrowed($L, $LL, $LL)",
              get,
              Widths.noVal(property.widestBytes()),
              Widths.noVal(scalar.bytes()));
      return raw(scalar, property.name(), narrowed);
    }
    return raw(scalar, property.name(), get);
  }

  private static CodeBlock raw(Scalar scalar, String name, CodeBlock get) {
    return switch (scalar) {
      case BOOL, U8 -> CodeBlock.of("out.u8($S, $L)", name, get);
      case U16 -> CodeBlock.of("out.u16($S, $L)", name, get);
      case I32 -> CodeBlock.of("out.i32($S, $L)", name, get);
      case U32 -> CodeBlock.of("out.u32($S, $L)", name, get);
      case I64, U64, TIME -> CodeBlock.of("out.i64($S, $L)", name, get);
      case FLOAT -> CodeBlock.of("out.decimal32($S, $L)", name, get);
      case DOUBLE -> CodeBlock.of("out.decimal($S, $L)", name, get);
    };
  }

  private CodeBlock write(
      WireType type,
      ValueType value,
      String name,
      CodeBlock get,
      CodeBlock count,
      boolean nullable) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar, value, name, get);
    }
    if (type instanceof WireType.Text text) {
      CodeBlock string =
          value instanceof ValueType.Wrapped
              ? CodeBlock.of("$1L == null ? null : $1L.value()", get)
              : get;
      return text.max() == WireType.UNLIMITED
          ? CodeBlock.of("out.string($S, $L)", name, string)
          : CodeBlock.of("out.string($S, $L, $L)", name, string, text.max());
    }
    if (type instanceof WireType.Block block) {
      return CodeBlock.of("out.bytes($S, $L, $L)", name, get, block.max());
    }
    if (type instanceof WireType.Bits) {
      return CodeBlock.of("out.bitString($S, $L)", name, get);
    }
    if (type instanceof WireType.Struct struct) {
      CodeBlock present =
          nullable
              ? CodeBlock.of("$1L == null ? $2T.DEFAULT : $1L", get, names.value(struct.layout()))
              : get;
      return CodeBlock.of("$T.encode($L, out, release)", names.codec(struct.layout()), present);
    }
    if (type instanceof WireType.Sized sized) {
      return CodeBlock.of("$N($L, out, release)", sized(sized, name), get);
    }
    String method = many((WireType.Many) type, value, name, nullable);
    return count == null
        ? CodeBlock.of("$N($L, out, release)", method, get)
        : CodeBlock.of("$N($L, out, release, $L)", method, get, count);
  }

  private static CodeBlock scalar(Scalar scalar, ValueType value, String name, CodeBlock get) {
    if (value == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("out.bool($S, $L)", name, get);
    }
    if (value == ValueType.Plain.INSTANT) {
      return raw(scalar, name, CodeBlock.of("out.epochSeconds($L)", get));
    }
    return value instanceof ValueType.Wrapped
        ? raw(scalar, name, CodeBlock.of("$L.value()", get))
        : raw(scalar, name, get);
  }

  private MethodSpec.Builder method(String name, TypeName type, String parameter) {
    return MethodSpec.methodBuilder("write" + Names.capital(name) + methods.size())
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .addParameter(type, parameter)
        .addParameter(Names.WRITER, "out")
        .addParameter(names.release(), "release");
  }

  private String add(MethodSpec.Builder method) {
    MethodSpec built = method.build();
    methods.add(built);
    return built.name();
  }

  private String sized(WireType.Sized sized, String name) {
    return add(
        method(name, names.value(sized.layout()), "part")
            .beginControlFlow("if (part == null)")
            .addStatement("out.u32($S, 0)", name)
            .addStatement("return")
            .endControlFlow()
            .addStatement("int mark = out.enter()")
            .addStatement("$T.encode(part, out, release)", names.codec(sized.layout()))
            .addStatement("out.leave($S, mark, $L)", name, sized.max()));
  }

  private String many(WireType.Many many, ValueType value, String name, boolean nullable) {
    CodeBlock item = null;
    if (value instanceof ValueType.Items items) {
      boolean nullableItem =
          many.item() instanceof WireType.Many inner && inner.count() == Count.LIST;
      item = write(many.item(), items.item(), name, CodeBlock.of("item"), null, nullableItem);
    }
    MethodSpec.Builder method = method(name, names.type(value), "items");
    if (many.count() == Count.LIST) {
      method
          .beginControlFlow("if (items == null)")
          .addStatement("out.noList()")
          .addStatement("return")
          .endControlFlow();
    }
    boolean maybeNull = nullable && many.count() != Count.LIST;
    CodeBlock size =
        maybeNull ? CodeBlock.of("items == null ? 0 : items.size()") : CodeBlock.of("items.size()");
    switch (many.count()) {
      case ARRAY, LIST -> method.addStatement("out.count32($S, $L, $L)", name, size, many.max());
      case ARRAY16 -> method.addStatement("out.count16($S, $L, $L)", name, size, many.max());
      case EXPRESSION -> {
        method.addParameter(TypeName.LONG, "told");
        method.addStatement("out.expectCount($S, $L, told)", name, size);
      }
      case MARKED -> {
        return marked(many, method, itemType(value), item, maybeNull, name);
      }
    }
    if (maybeNull) {
      method.beginControlFlow("if (items == null)").addStatement("return").endControlFlow();
    }
    if (item == null) {
      boolean ints = value == ValueType.Plain.INTS;
      method.addStatement("out.$L($S, items)", Widths.numbers((Scalar) many.item(), ints), name);
      return add(method);
    }
    return add(
        method
            .beginControlFlow("for ($T item : items)", itemType(value))
            .addStatement(item)
            .endControlFlow());
  }

  private TypeName itemType(ValueType value) {
    return names.type(((ValueType.Items) value).item());
  }

  private String marked(
      WireType.Many many,
      MethodSpec.Builder method,
      TypeName itemType,
      CodeBlock item,
      boolean maybeNull,
      String name) {
    CodeBlock items =
        maybeNull
            ? CodeBlock.of("items == null ? $T.<$T>of() : items", List.class, itemType)
            : CodeBlock.of("items");
    return add(
        method
            .beginControlFlow("for ($T item : $L)", itemType, items)
            .addStatement("out.u16($S, $L)", name, many.max())
            .addStatement(item)
            .endControlFlow()
            .addStatement("out.u16($S, 0)", name));
  }
}
