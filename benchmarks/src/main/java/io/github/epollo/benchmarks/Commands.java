package io.github.epollo.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads commands from standard input, one a line, and answers each; {@code PeerProcess} gives them. */
public final class Commands {
  /** What a peer can do that only counts. */
  public interface Workloads {
    /** How many operations were made until {@code end}, a time of {@link System#nanoTime}; -1 if it knows no such workload. */
    long run(String workload, Path file, int block, long end) throws Exception;
  }

  /** What a peer can do. */
  public interface Answers {
    /** The number of operations and other figures, or "none". */
    String run(String workload, Path file, int number, long end) throws Exception;
  }

  /** So many operations lie between two looks at the clock, where an operation is short; the same in each peer. */
  public static final int BATCH = 64;

  private Commands() {}

  /** Answers with a number. */
  public static void serve(Workloads workloads) throws Exception {
    answer((workload, file, block, end) -> {
      long operations = workloads.run(workload, file, block, end);
      return operations < 0 ? "none" : Long.toString(operations);
    });
  }

  /** Answers until there are no more commands. */
  public static void answer(Answers answers) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 4);
      long end = System.nanoTime() + (long) (Double.parseDouble(words[3]) * 1e9);
      System.out.println(answers.run(words[0], Path.of(words[1]), Integer.parseInt(words[2]), end));
      System.out.flush();
    }
  }

  /** Marsaglia's xorshift64: the same generator in each peer. */
  public static final class Random {
    private long state;

    /** Starts at a seed. */
    public Random(long seed) {
      state = 88172645463325252L + seed;
    }

    /** A number from 0 to {@code bound - 1}. */
    public long next(long bound) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      return Long.remainderUnsigned(state, bound);
    }
  }

  /** Whether there is time left. */
  public static boolean before(long end) {
    return System.nanoTime() - end < 0;
  }
}
