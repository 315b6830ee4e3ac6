package baton.protocol.emit;

import baton.protocol.schema.Layout;
import baton.protocol.schema.Property;
import baton.protocol.schema.Schema;
import baton.protocol.schema.ValueType;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The Java names and types of what a schema describes. */
final class Names {

  static final ClassName BYTES = ClassName.get("baton.protocol.type", "Bytes");
  static final ClassName BITS = ClassName.get("baton.protocol.type", "BitString");
  static final ClassName INTS = ClassName.get("baton.protocol.type", "Ints");
  static final ClassName LONGS = ClassName.get("baton.protocol.type", "Longs");
  static final ClassName NULLABLE_LIST = ClassName.get("baton.protocol.type", "NullableList");
  static final ClassName READER = ClassName.get("baton.protocol.buffer", "WireReader");
  static final ClassName WRITER = ClassName.get("baton.protocol.buffer", "WireWriter");
  static final ClassName EXCEPTION = ClassName.get("baton.protocol.buffer", "WireException");
  static final ClassName SAMPLER = ClassName.get("baton.protocol.sample", "Sampler");
  static final ClassName STRING = ClassName.get(String.class);

  private final Schema schema;
  private final Target target;
  private final Map<String, Layout> layouts;

  Names(Schema schema, Target target) {
    this.schema = schema;
    this.target = target;
    this.layouts = schema.byName();
  }

  Schema schema() {
    return schema;
  }

  Target target() {
    return target;
  }

  Layout layout(String name) {
    return layouts.get(name);
  }

  ClassName release() {
    return target.release();
  }

  CodeBlock releaseConstant(int release) {
    return CodeBlock.of("$T.$L", release(), schema.releases().constant(release));
  }

  ClassName value(String layout) {
    return ClassName.get(target.packages().get(layouts.get(layout).directory()), layout);
  }

  ClassName builder(String layout) {
    return value(layout).nestedClass("Builder");
  }

  ClassName codec(String layout) {
    return ClassName.get(target.codecPackage(), layout + "Codec");
  }

  ClassName sample(String layout) {
    return ClassName.get(target.codecPackage(), layout + "Sample");
  }

  ClassName wrapper(String name) {
    return target.classes().get(name);
  }

  TypeName type(ValueType type) {
    if (type instanceof ValueType.Plain plain) {
      return switch (plain) {
        case BOOLEAN -> TypeName.BOOLEAN;
        case INT -> TypeName.INT;
        case LONG -> TypeName.LONG;
        case DOUBLE -> TypeName.DOUBLE;
        case STRING -> STRING;
        case BYTES -> BYTES;
        case BITS -> BITS;
        case INTS -> INTS;
        case LONGS -> LONGS;
        case INSTANT -> ClassName.get(Instant.class);
      };
    }
    if (type instanceof ValueType.Nested nested) {
      return value(nested.layout());
    }
    if (type instanceof ValueType.Wrapped wrapped) {
      return wrapper(wrapped.className());
    }
    ValueType item = ((ValueType.Items) type).item();
    return ParameterizedTypeName.get(ClassName.get(List.class), type(item).box());
  }

  /** {@code nodeName} as a constant: {@code NODE_NAME}. */
  static String constant(Property property) {
    return property
        .name()
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toUpperCase(java.util.Locale.ROOT);
  }

  /** {@code nodeName} inside another name: {@code NodeName}. */
  static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** A sentence of the schema, safe inside Javadoc. */
  static CodeBlock javadoc(String text) {
    String safe =
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("@", "&#64;")
            .replace("*/", "*&#47;");
    return CodeBlock.of("$L\n", safe);
  }
}
