package io.github.epollo.testkit.sim;

/** Where the world could go on in several ways: one of them. */
@FunctionalInterface
public interface Chooser {
  /** Always the first. */
  Chooser FIRST = _ -> 0;

  /** Picks from 0 to {@code count - 1}; called with the world locked, and only if {@code count} is at least 2. */
  int choose(int count);
}
