package io.github.epollo.testkit;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How to run a failed simulation again, in one line. */
final class Replay {
  private static final StackWalker STACK = StackWalker.getInstance();

  private Replay() {}

  /** The Maven command, and the code, which tells what no property does. The seed is a property only where that has an effect. */
  static String of(Simulation simulation, @Nullable String testName) {
    return testName == null
        ? simulation.toString()
        : "mvn test -Dtest='" + testName + "'"
            + (simulation.replayable ? " -D" + Simulation.SEED_PROPERTY + "=" + simulation.seed : "") + "   # "
            + simulation;
  }

  /** The test method that called, as Maven's property "test" names it; null if no test did. */
  static @Nullable String testOnStack() {
    return STACK.walk(Replay::lastBeforeFramework);
  }

  private static @Nullable String lastBeforeFramework(Stream<StackWalker.StackFrame> frames) {
    return frames
        .takeWhile(f -> !f.getClassName().startsWith("org.junit.") && !f.getClassName().startsWith("net.jqwik."))
        .filter(f -> f.getClassName().endsWith("Test") || f.getClassName().endsWith("Tests")
            || f.getClassName().endsWith("Properties"))
        .reduce((_, outer) -> outer)
        .map(f -> f.getClassName() + "#" + f.getMethodName())
        .orElse(null);
  }

  /** Whether jqwik called: it tries many samples that fail to find the smallest, and tells that one by itself. */
  static boolean isPropertyOnStack() {
    return STACK.walk(frames -> frames.anyMatch(f -> f.getClassName().startsWith("net.jqwik.")));
  }

  /** The same, for a method that is known, and the class that runs it, which may inherit it. */
  static String nameOf(Class<?> testClass, java.lang.reflect.Method method) {
    return testClass.getName() + "#" + method.getName();
  }
}
