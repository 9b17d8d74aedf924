package io.github.epollo.testkit.sim.disk;

/** Decides what a crash leaves, where there are several possibilities. */
@FunctionalInterface
public interface CrashChoice {
  /** From 0, which is what would be there without a crash, to {@code count - 1}. */
  int choose(int count);
}
