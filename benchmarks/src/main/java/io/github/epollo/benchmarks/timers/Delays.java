package io.github.epollo.benchmarks.timers;

import java.util.Random;

/** Random delays between a second and an hour, the same for all. */
final class Delays {
  /** A power of two. */
  static final int COUNT = 1 << 14;

  private static final long[] NANOS = new Random(42).longs(COUNT, 1_000_000_000L, 3_600_000_000_000L).toArray();

  private Delays() {}

  static long at(int index) {
    return NANOS[index & (COUNT - 1)];
  }
}
