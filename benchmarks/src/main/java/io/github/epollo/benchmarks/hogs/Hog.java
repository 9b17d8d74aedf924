package io.github.epollo.benchmarks.hogs;

import io.github.epollo.benchmarks.Commands;

/**
 * Somebody who computes: in slices, between which it lets others go first or sleeps.
 *
 * <p><b>Threading:</b> one at a time.
 */
final class Hog {
  /** How long it sleeps, if it does. */
  static final long PAUSE = 100_000_000;

  private static final long SHORT = 50_000;
  private static final long LONG = 100_000_000;

  private final boolean yields;
  private final long end;
  private long slices;

  /** A hog that yields or one that holds its thread and then sleeps, until {@code end}. */
  Hog(boolean yields, long end) {
    this.yields = yields;
    this.end = end;
  }

  /** Whether there is one in a workload. */
  static boolean isIn(String workload) {
    return workload.equals("yields") || workload.equals("holds");
  }

  boolean yields() {
    return yields;
  }

  /** Computes a slice; whether there is another one. */
  boolean compute() {
    long over = System.nanoTime() + (yields ? SHORT : LONG);
    while (Commands.before(over)) {
      // that is all it does
    }
    slices++;
    return Commands.before(end);
  }

  /** How many slices it has computed. */
  long slices() {
    return slices;
  }
}
