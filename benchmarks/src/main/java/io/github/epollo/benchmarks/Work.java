package io.github.epollo.benchmarks;

import java.util.concurrent.atomic.LongAdder;

/** Something to compute for each request, the same in each server, so that serving costs more than asking. */
final class Work {
  private static final int STEPS = 100_000; // of a nanosecond or so
  private static final LongAdder ZEROS = new LongAdder();

  private Work() {}

  /** Takes about 100 µs. */
  static void compute(int requests) {
    for (int i = 0; i < requests; i++) {
      long state = System.nanoTime() | 1;
      for (int step = 0; step < STEPS; step++) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
      }
      if (state == 0) { // never, which the compiler does not know
        ZEROS.increment();
      }
    }
  }
}
