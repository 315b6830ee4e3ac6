package baton.protocol.emit;

import baton.protocol.schema.Field;
import baton.protocol.schema.Property;
import baton.protocol.schema.ValueType;
import baton.protocol.schema.WireSize;
import baton.protocol.schema.WireType;
import baton.protocol.schema.WireType.Scalar;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Java expressions that read one entry, and the methods for lists that they call. */
final class ReadCode {

  private static final int UNLIMITED = WireType.UNLIMITED;

  private final Names names;
  private final WireSize sizes;
  private final List<MethodSpec> methods = new ArrayList<>();

  ReadCode(Names names) {
    this.names = names;
    this.sizes = new WireSize(names.schema());
  }

  /** The methods that the expressions given so far need. */
  List<MethodSpec> methods() {
    return methods;
  }

  /**
   * Reads one entry.
   *
   * @param count the number of items, for {@code T[expr]} alone
   */
  CodeBlock entry(Field field, Property property, CodeBlock count) {
    if (field.type() instanceof Scalar scalar && property.type().isInteger()) {
      return integer(scalar, property);
    }
    return read(field.type(), property.type(), field.name(), count);
  }

  private CodeBlock integer(Scalar scalar, Property property) {
    String name = property.name();
    if (property.type() == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("in.bool($S)", name);
    }
    boolean narrow = scalar.bytes() < property.widestBytes();
    if (property.sentinels() && narrow && scalar != Scalar.BOOL) {
      CodeBlock read =
          CodeBlock.of(
              "in.sentinel$L($S, $LL)",
              8 * scalar.bytes(),
              name,
              Widths.noVal(property.widestBytes()));
      return property.type() == ValueType.Plain.INT ? CodeBlock.of("(int) $L", read) : read;
    }
    return raw(scalar, name);
  }

  private static CodeBlock raw(Scalar scalar, String name) {
    return switch (scalar) {
      case BOOL, U8 -> CodeBlock.of("in.u8($S)", name);
      case U16 -> CodeBlock.of("in.u16($S)", name);
      case I32 -> CodeBlock.of("in.i32($S)", name);
      case U32 -> CodeBlock.of("in.u32($S)", name);
      case I64, U64, TIME -> CodeBlock.of("in.i64($S)", name);
      case FLOAT -> CodeBlock.of("in.decimal32($S)", name);
      case DOUBLE -> CodeBlock.of("in.decimal($S)", name);
    };
  }

  private CodeBlock read(WireType type, ValueType value, String name, CodeBlock count) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar, value, name);
    }
    if (type instanceof WireType.Text text) {
      CodeBlock read = limited("string", name, text.max());
      return value instanceof ValueType.Wrapped
          ? CodeBlock.of("in.typedText($S, $L, $T::of)", name, read, names.type(value))
          : read;
    }
    if (type instanceof WireType.Block block) {
      return CodeBlock.of("in.bytes($S, $L)", name, block.max());
    }
    if (type instanceof WireType.Bits) {
      return CodeBlock.of("in.bitString($S)", name);
    }
    if (type instanceof WireType.Struct struct) {
      return CodeBlock.of("$T.decode(in, release)", names.codec(struct.layout()));
    }
    if (type instanceof WireType.Sized sized) {
      return CodeBlock.of("$N(in, release)", sized(sized, name));
    }
    String method = many((WireType.Many) type, value, name);
    return count == null
        ? CodeBlock.of("$N(in, release)", method)
        : CodeBlock.of("$N(in, release, $L)", method, count);
  }

  private static CodeBlock limited(String method, String name, int max) {
    return max == UNLIMITED
        ? CodeBlock.of("in.$L($S)", method, name)
        : CodeBlock.of("in.$L($S, $L)", method, name, max);
  }

  private CodeBlock scalar(Scalar scalar, ValueType value, String name) {
    if (value == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("in.bool($S)", name);
    }
    if (value == ValueType.Plain.INSTANT) {
      return CodeBlock.of("in.instant($1S, $2L)", name, raw(scalar, name));
    }
    if (value instanceof ValueType.Wrapped) {
      return CodeBlock.of("in.typed($S, $L, $T::of)", name, raw(scalar, name), names.type(value));
    }
    return raw(scalar, name);
  }

  private MethodSpec.Builder method(String name, TypeName returns) {
    return MethodSpec.methodBuilder("read" + Names.capital(name) + methods.size())
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .addParameter(Names.READER, "in")
        .addParameter(names.release(), "release")
        .returns(returns);
  }

  private String add(MethodSpec.Builder method) {
    MethodSpec built = method.build();
    methods.add(built);
    return built.name();
  }

  private String sized(WireType.Sized sized, String name) {
    return add(
        method(name, names.value(sized.layout()))
            .addStatement("int outer = in.enter($S, $L)", name, sized.max())
            .beginControlFlow("if (outer < 0)")
            .addStatement("return null")
            .endControlFlow()
            .addStatement(
                "$T part = $T.decode(in, release)",
                names.value(sized.layout()),
                names.codec(sized.layout()))
            .addStatement("in.leave($S, outer)", name)
            .addStatement("return part"));
  }

  private String many(WireType.Many many, ValueType value, String name) {
    CodeBlock item = null;
    if (value instanceof ValueType.Items items) {
      item = item(many, items, name);
    }
    MethodSpec.Builder method = method(name, names.type(value));
    int least = sizes.least(many.item());
    switch (many.count()) {
      case ARRAY -> count(method, "count32", name, many.max(), least);
      case ARRAY16 -> count(method, "count16", name, many.max(), least);
      case LIST -> {
        count(method, "countOrNull", name, many.max(), least);
        method.beginControlFlow("if (count < 0)").addStatement("return null").endControlFlow();
      }
      case EXPRESSION -> {
        method.addParameter(TypeName.LONG, "told");
        method.addStatement("int count = in.count($S, told, $L, $L)", name, many.max(), least);
      }
      case MARKED -> {
        return marked(many, method, names.type(value), item, name);
      }
    }
    if (item == null) {
      method.addStatement(
          "return in.$L($S, count)",
          Widths.numbers((Scalar) many.item(), value == ValueType.Plain.INTS),
          name);
      return add(method);
    }
    TypeName list = names.type(value);
    return add(
        method
            .addStatement("$T items = new $T<>(count)", list, ArrayList.class)
            .beginControlFlow("for (int i = 0; i < count; i++)")
            .addStatement("items.add($L)", item)
            .endControlFlow()
            .addStatement("return items"));
  }

  private String marked(
      WireType.Many many, MethodSpec.Builder method, TypeName list, CodeBlock item, String name) {
    return add(
        method
            .addStatement("$T items = new $T<>()", list, ArrayList.class)
            .beginControlFlow("while (in.marked($S, $L))", name, many.max())
            .addStatement("items.add($L)", item)
            .endControlFlow()
            .addStatement("return items"));
  }

  private static void count(
      MethodSpec.Builder method, String how, String name, int max, int least) {
    method.addStatement("int count = in.$L($S, $L, $L)", how, name, max, least);
  }

  private CodeBlock item(WireType.Many many, ValueType.Items items, String name) {
    CodeBlock read = read(many.item(), items.item(), name, null);
    boolean mayBeMissing =
        !(many.item() instanceof Scalar)
            && !(many.item() instanceof WireType.Struct)
            && !many.nullableItems();
    return mayBeMissing ? CodeBlock.of("in.present($S, $L)", name, read) : read;
  }
}
