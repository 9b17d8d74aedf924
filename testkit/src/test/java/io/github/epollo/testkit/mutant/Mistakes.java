package io.github.epollo.testkit.mutant;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.util.function.Consumer;

/** Mistakes, as changes of a method's code. */
final class Mistakes {
  private Mistakes() {}

  /** The whole body is {@code code}. */
  static CodeTransform body(Consumer<CodeBuilder> code) {
    return new CodeTransform() {
      @Override
      public void accept(CodeBuilder builder, CodeElement element) {}

      @Override
      public void atEnd(CodeBuilder builder) {
        code.accept(builder);
      }
    };
  }

  /** Instead of each call of {@code name} there is {@code code}, which finds the arguments on the stack. */
  static CodeTransform insteadOfCall(String name, Consumer<CodeBuilder> code) {
    return (builder, element) -> {
      if (isCall(element, name)) {
        code.accept(builder);
      } else {
        builder.with(element);
      }
    };
  }

  /** After each call of {@code name} comes {@code code}. */
  static CodeTransform afterCall(String name, Consumer<CodeBuilder> code) {
    return (builder, element) -> {
      builder.with(element);
      if (isCall(element, name)) {
        code.accept(builder);
      }
    };
  }

  /** Before each return comes {@code code}, which finds the result on the stack. */
  static CodeTransform beforeReturn(Consumer<CodeBuilder> code) {
    return (builder, element) -> {
      if (element instanceof ReturnInstruction) {
        code.accept(builder);
      }
      builder.with(element);
    };
  }

  private static boolean isCall(CodeElement element, String name) {
    return element instanceof InvokeInstruction call && call.name().equalsString(name);
  }
}
