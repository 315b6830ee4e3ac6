package baton.protocol.emit;

import baton.protocol.schema.Condition;
import baton.protocol.schema.Expression;
import baton.protocol.schema.Layout;
import baton.protocol.schema.Property;
import baton.protocol.schema.ReleaseSet;
import baton.protocol.schema.ValueType;
import com.palantir.javapoet.CodeBlock;
import java.util.ArrayList;
import java.util.List;

/** Java for conditions, counts and release ranges. */
final class Conditions {

  private final Names names;
  private final Layout layout;

  Conditions(Names names, Layout layout) {
    this.names = names;
    this.layout = layout;
  }

  /** Whether the condition holds for the value or builder called {@code holder}. */
  CodeBlock holds(Condition condition, String holder) {
    List<CodeBlock> alternatives = new ArrayList<>();
    for (List<Condition.Comparison> all : condition.alternatives()) {
      List<CodeBlock> comparisons =
          all.stream().map(comparison -> comparison(comparison, holder)).toList();
      alternatives.add(CodeBlock.join(comparisons, " && "));
    }
    return CodeBlock.join(alternatives, " || ");
  }

  private CodeBlock comparison(Condition.Comparison comparison, String holder) {
    String sign = comparison.operator().text();
    if (comparison.operand() instanceof Condition.Null) {
      return CodeBlock.of("$N.$N() $L null", holder, comparison.property(), sign);
    }
    CodeBlock left = number(comparison.property(), holder);
    CodeBlock right =
        comparison.operand() instanceof Condition.Constant constant
            ? CodeBlock.of("$LL", constant.value())
            : number(((Condition.Property) comparison.operand()).name(), holder);
    return comparison.operator() == Condition.Operator.HAS
        ? CodeBlock.of("($1L & $2L) == $2L", left, right)
        : CodeBlock.of("$L $L $L", left, sign, right);
  }

  /** How many items the expression gives. */
  CodeBlock count(Expression expression, String holder) {
    if (expression instanceof Expression.Literal literal) {
      return CodeBlock.of("$LL", literal.value());
    }
    if (expression instanceof Expression.Property property) {
      return number(property.name(), holder);
    }
    if (expression instanceof Expression.Ones ones) {
      return CodeBlock.of(
          "($1N.$2N() == null ? 0L : $1N.$2N().cardinality())", holder, ones.name());
    }
    Expression.Binary binary = (Expression.Binary) expression;
    return CodeBlock.of(
        "($L $L $L)", count(binary.left(), holder), binary.sign(), count(binary.right(), holder));
  }

  /** A property as a {@code long}. */
  private CodeBlock number(String name, String holder) {
    Property property = layout.property(name);
    CodeBlock get = CodeBlock.of("$N.$N()", holder, name);
    if (property.type() == ValueType.Plain.BOOLEAN) {
      return CodeBlock.of("($L ? 1L : 0L)", get);
    }
    if (property.type() == ValueType.Plain.INT) {
      return CodeBlock.of("(long) $L", get);
    }
    if (property.type() == ValueType.Plain.INSTANT) {
      return CodeBlock.of("($1L == null ? 0L : $1L.getEpochSecond())", get);
    }
    return property.type() instanceof ValueType.Wrapped ? CodeBlock.of("$L.value()", get) : get;
  }

  /** Whether {@code release} is one of {@code set}; empty if it always is within {@code among}. */
  CodeBlock spoken(ReleaseSet set, ReleaseSet among) {
    if (among.minus(set).isEmpty()) {
      return CodeBlock.of("");
    }
    List<CodeBlock> runs = new ArrayList<>();
    for (ReleaseSet.Run run : set.runs()) {
      boolean fromStart = run.first() == 0;
      boolean toEnd = run.last() == names.schema().releases().count() - 1;
      CodeBlock from = CodeBlock.of("release.atLeast($L)", names.releaseConstant(run.first()));
      CodeBlock below =
          toEnd
              ? CodeBlock.of("")
              : CodeBlock.of("!release.atLeast($L)", names.releaseConstant(run.last() + 1));
      if (fromStart && toEnd) {
        return CodeBlock.of("");
      }
      if (fromStart) {
        runs.add(below);
      } else {
        runs.add(toEnd ? from : CodeBlock.of("$L && $L", from, below));
      }
    }
    return CodeBlock.join(runs, " || ");
  }
}
