package io.github.epollo.testkit.mutant;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.util.function.Predicate;

/**
 * A mistake in the production code.
 *
 * @param className the class that has it
 * @param method the name of its method
 * @param mistake what is wrong with it
 */
record Mutant(String className, String method, CodeTransform mistake) {
  /** The same method as it is. */
  Mutant repaired() {
    return new Mutant(className, method, CodeTransform.ACCEPT_ALL);
  }

  MutantLoader load() {
    Predicate<MethodModel> named = m -> m.methodName().equalsString(method);
    return new MutantLoader(className, named, ClassTransform.transformingMethodBodies(named, mistake));
  }
}
