package io.github.epollo.benchmarks.files;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads commands from standard input, one a line, and answers each. */
final class Commands {
  /** What a peer can do. */
  interface Workloads {
    /** How many operations were made until {@code end}, a time of {@link System#nanoTime}; -1 if it knows no such workload. */
    long run(String workload, Path file, int block, long end) throws Exception;
  }

  /** So many operations lie between two looks at the clock, where an operation is short; the same in each peer. */
  static final int BATCH = 64;

  private Commands() {}

  static void serve(Workloads workloads) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 4);
      long end = System.nanoTime() + (long) (Double.parseDouble(words[3]) * 1e9);
      long operations = workloads.run(words[0], Path.of(words[1]), Integer.parseInt(words[2]), end);
      System.out.println(operations < 0 ? "none" : Long.toString(operations));
      System.out.flush();
    }
  }

  /** Marsaglia's xorshift64: the same generator in each peer. */
  static final class Random {
    private long state;

    Random(long seed) {
      state = 88172645463325252L + seed;
    }

    /** A number from 0 to {@code bound - 1}. */
    long next(long bound) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      return Long.remainderUnsigned(state, bound);
    }
  }

  /** Whether there is time left. */
  static boolean before(long end) {
    return System.nanoTime() - end < 0;
  }
}
