package baton.protocol.emit;

import baton.protocol.schema.MessageType;
import baton.protocol.schema.Schema;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;

/** Writes the enum of message types. */
final class TableEmitter {

  private final Names names;
  private final Schema schema;
  private final ClassName self;

  TableEmitter(Names names) {
    this.names = names;
    this.schema = names.schema();
    this.self = names.target().table();
  }

  /** The rows of each type, in the order of the table. */
  static Map<String, List<MessageType>> byName(Schema schema) {
    Map<String, List<MessageType>> byName = new LinkedHashMap<>();
    for (MessageType type : schema.types()) {
      byName.computeIfAbsent(type.type(), name -> new ArrayList<>()).add(type);
    }
    return byName;
  }

  JavaFile emit() {
    TypeSpec.Builder type =
        TypeSpec.enumBuilder(self)
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc(
                "All $L types, by number.\n", names.target().tableName().toLowerCase(Locale.ROOT));
    byName(schema).forEach((name, rows) -> type.addEnumConstant(name, constant(rows)));
    TypeName numbers =
        ParameterizedTypeName.get(ClassName.get(Map.class), ClassName.get(Integer.class), self);
    type.addField(
        ParameterizedTypeName.get(ClassName.get(List.class), numbers),
        "BY_NUMBER",
        Modifier.PRIVATE,
        Modifier.STATIC,
        Modifier.FINAL);
    type.addStaticBlock(index(numbers));
    type.addField(int[].class, "numbers", Modifier.PRIVATE, Modifier.FINAL);
    type.addField(String.class, "replies", Modifier.PRIVATE, Modifier.FINAL);
    type.addField(self.nestedClass("Party"), "from", Modifier.PRIVATE, Modifier.FINAL);
    type.addField(self.nestedClass("Party"), "to", Modifier.PRIVATE, Modifier.FINAL);
    type.addField(self.nestedClass("Privilege"), "privilege", Modifier.PRIVATE, Modifier.FINAL);
    type.addMethod(constructor());
    type.addMethod(lookup());
    type.addMethod(number());
    type.addMethod(spoken());
    type.addMethod(replies());
    type.addMethod(getter("from", "Party", "Who sends it."));
    type.addMethod(getter("to", "Party", "Who receives it."));
    type.addMethod(getter("privilege", "Privilege", "Who may send it."));
    type.addType(parties());
    type.addType(privileges());
    return JavaFile.builder(self.packageName(), type.build()).build();
  }

  private TypeSpec constant(List<MessageType> rows) {
    MessageType first = rows.get(0);
    CodeBlock.Builder numbers = CodeBlock.builder();
    for (MessageType row : rows) {
      numbers.add(", $L, 0x$L", row.number(), Long.toHexString(row.releases().mask()));
    }
    return TypeSpec.anonymousClassBuilder(
            "Party.$L, Party.$L, Privilege.$L, $S$L",
            party(first.from()),
            party(first.to()),
            first.privilege().isEmpty() ? "ANYONE" : first.privilege().toUpperCase(Locale.ROOT),
            String.join(",", first.replies()),
            numbers.build())
        .addJavadoc(Names.javadoc(first.doc()))
        .build();
  }

  private static String party(String name) {
    return name.isEmpty() ? "ANY" : name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private MethodSpec constructor() {
    return MethodSpec.constructorBuilder()
        .addParameter(self.nestedClass("Party"), "from")
        .addParameter(self.nestedClass("Party"), "to")
        .addParameter(self.nestedClass("Privilege"), "privilege")
        .addParameter(String.class, "replies")
        .addParameter(int[].class, "numbersAndReleases")
        .varargs()
        .addStatement("this.from = from")
        .addStatement("this.to = to")
        .addStatement("this.privilege = privilege")
        .addStatement("this.replies = replies")
        .addStatement("this.numbers = new int[$L]", schema.releases().count())
        .beginControlFlow("for (int release = 0; release < numbers.length; release++)")
        .addStatement("numbers[release] = -1")
        .beginControlFlow("for (int i = 0; i < numbersAndReleases.length; i += 2)")
        .beginControlFlow("if ((numbersAndReleases[i + 1] >>> release & 1) != 0)")
        .addStatement("numbers[release] = numbersAndReleases[i]")
        .endControlFlow()
        .endControlFlow()
        .endControlFlow()
        .build();
  }

  private CodeBlock index(TypeName map) {
    return CodeBlock.builder()
        .addStatement(
            "$T byNumber = new $T<>()",
            ParameterizedTypeName.get(ClassName.get(List.class), map),
            ArrayList.class)
        .beginControlFlow(
            "for (int release = 0; release < $L; release++)", schema.releases().count())
        .addStatement("$T types = new $T<>()", map, HashMap.class)
        .beginControlFlow("for ($T type : values())", self)
        .beginControlFlow("if (type.numbers[release] >= 0)")
        .addStatement("types.put(type.numbers[release], type)")
        .endControlFlow()
        .endControlFlow()
        .addStatement("byNumber.add(types)")
        .endControlFlow()
        .addStatement("BY_NUMBER = byNumber")
        .build();
  }

  private MethodSpec lookup() {
    return MethodSpec.methodBuilder("of")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("The type that has this number in that release; empty if none has.\n")
        .addParameter(TypeName.INT, "number")
        .addParameter(names.release(), "release")
        .returns(ParameterizedTypeName.get(ClassName.get(Optional.class), self))
        .addStatement(
            "return $T.ofNullable(BY_NUMBER.get(release.ordinal()).get(number))", Optional.class)
        .build();
  }

  private MethodSpec number() {
    return MethodSpec.methodBuilder("number")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("Its number; fails with IllegalArgumentException where it is not spoken.\n")
        .addParameter(names.release(), "release")
        .returns(TypeName.INT)
        .beginControlFlow("if (!isSpoken(release))")
        .addStatement(
            "throw new $T(this + $S + release)", IllegalArgumentException.class, " is unknown in ")
        .endControlFlow()
        .addStatement("return numbers[release.ordinal()]")
        .build();
  }

  private MethodSpec spoken() {
    return MethodSpec.methodBuilder("isSpoken")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("Whether peers of that release know it.\n")
        .addParameter(names.release(), "release")
        .returns(TypeName.BOOLEAN)
        .addStatement("return numbers[release.ordinal()] >= 0")
        .build();
  }

  private MethodSpec replies() {
    return MethodSpec.methodBuilder("replies")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("What it may be answered with; none if nobody answers.\n")
        .returns(ParameterizedTypeName.get(ClassName.get(Set.class), self))
        .addStatement(
            "$1T<$2T> all = $3T.noneOf($2T.class)", Set.class, self, java.util.EnumSet.class)
        .addStatement(
            "$T names = new $T(replies, $S)",
            java.util.StringTokenizer.class,
            java.util.StringTokenizer.class,
            ",")
        .beginControlFlow("while (names.hasMoreTokens())")
        .addStatement("all.add(valueOf(names.nextToken()))")
        .endControlFlow()
        .addStatement("return all")
        .build();
  }

  private MethodSpec getter(String field, String type, String doc) {
    return MethodSpec.methodBuilder(field)
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("$L\n", doc)
        .returns(self.nestedClass(type))
        .addStatement("return $N", field)
        .build();
  }

  private TypeSpec parties() {
    TypeSpec.Builder type =
        TypeSpec.enumBuilder("Party")
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("Ends of a conversation.\n");
    Set<String> all = new TreeSet<>();
    all.add("ANY");
    for (MessageType row : schema.types()) {
      all.add(party(row.from()));
      all.add(party(row.to()));
    }
    all.forEach(type::addEnumConstant);
    return type.build();
  }

  private static TypeSpec privileges() {
    return TypeSpec.enumBuilder("Privilege")
        .addModifiers(Modifier.PUBLIC)
        .addJavadoc("Who may send a message; each includes those after it.\n")
        .addEnumConstant("ANYONE")
        .addEnumConstant("USER")
        .addEnumConstant("OWNER")
        .addEnumConstant("OPERATOR")
        .addEnumConstant("ADMIN")
        .addEnumConstant("SLURM")
        .build();
  }
}
