package io.github.epollo.benchmarks.timers;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.timers.Timers;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * How late sleeps end: Epollo's, beside {@code Thread.sleep} on a platform thread and on a virtual one, and beside cyclictest(8) if it is there. Rounds
 * are interleaved, and all of them run on whatever core this process has been given.
 *
 * <p>Arguments: sleeps a round, rounds. Prints a table in Markdown, in microseconds.
 */
final class SleepLateness {
  private static final Duration[] LENGTHS = {Duration.ofNanos(100_000), Duration.ofMillis(1), Duration.ofMillis(10)};

  private final Kernel kernel = LinuxKernel.get();
  private final int sleeps;
  private long early;

  private SleepLateness(int sleeps) {
    this.sleeps = sleeps;
  }

  /** One way to sleep. */
  private interface Sleeper {
    long[] lateness(Duration length) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int sleeps = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    new SleepLateness(sleeps).run(rounds);
  }

  private void run(int rounds) throws Exception {
    Map<String, Sleeper> sleepers = new LinkedHashMap<>();
    sleepers.put("Epollo", this::epollo);
    sleepers.put("Epollo (again)", this::epollo);
    sleepers.put("Thread.sleep, platform", this::platform);
    sleepers.put("Thread.sleep, virtual", this::virtual);
    if (hasCyclictest()) {
      sleepers.put("cyclictest", this::cyclictest);
    } else {
      System.err.println("SKIPPED cyclictest: it is not installed (Debian: rt-tests)");
    }
    for (Sleeper sleeper : sleepers.values()) {
      long[] _ = sleeper.lateness(LENGTHS[1]); // warm-up
    }
    early = 0;
    System.out.println("| sleep | by | p50 | p99 | worst |\n|---|---|--:|--:|--:|");
    for (Duration length : LENGTHS) {
      Map<String, List<long[]>> all = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, Sleeper> sleeper : sleepers.entrySet()) {
          all.computeIfAbsent(sleeper.getKey(), _ -> new ArrayList<>()).add(sleeper.getValue().lateness(length));
        }
      }
      all.forEach((name, lateness) -> print(length, name, lateness));
    }
    System.out.println("\nEpollo's sleeps that ended early: " + early);
  }

  /** The medians, over the rounds, of each round's percentiles. */
  private static void print(Duration length, String name, List<long[]> rounds) {
    System.out.printf("| %s | %s | %.1f | %.1f | %.1f |%n", length.toString().substring(2), name,
        medianOf(rounds, 0.5), medianOf(rounds, 0.99),
        rounds.stream().mapToLong(r -> r[r.length - 1]).max().orElse(0) / 1e3);
  }

  private static double medianOf(List<long[]> rounds, double share) {
    double[] values = rounds.stream().mapToDouble(r -> r[(int) ((r.length - 1) * share)] / 1e3).sorted().toArray();
    return values[values.length / 2];
  }

  private long[] epollo(Duration length) {
    return Epollo.run(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP), () -> {
      long[] lateness = new long[sleeps];
      for (int i = 0; i < sleeps; i++) {
        long before = kernel.clockGettime(Clocks.MONOTONIC);
        Timers.sleep(length);
        lateness[i] = kernel.clockGettime(Clocks.MONOTONIC) - before - length.toNanos();
        early += lateness[i] < 0 ? 1 : 0;
      }
      Arrays.sort(lateness);
      return lateness;
    });
  }

  private long[] platform(Duration length) throws InterruptedException {
    long[] lateness = new long[sleeps];
    for (int i = 0; i < sleeps; i++) {
      long before = kernel.clockGettime(Clocks.MONOTONIC);
      Thread.sleep(length);
      lateness[i] = kernel.clockGettime(Clocks.MONOTONIC) - before - length.toNanos();
    }
    Arrays.sort(lateness);
    return lateness;
  }

  private long[] virtual(Duration length) throws InterruptedException {
    long[][] result = new long[1][];
    Thread.ofVirtual().start(() -> {
      try {
        result[0] = platform(length);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }).join();
    return result[0];
  }

  private static boolean hasCyclictest() throws InterruptedException {
    try {
      return new ProcessBuilder("cyclictest", "--help").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Its histogram counts whole microseconds; it gets no real-time priority, for nobody else here has one. */
  private long[] cyclictest(Duration length) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("cyclictest", "-q", "-t1", "-i", Long.toString(length.toNanos() / 1_000),
        "-l", Integer.toString(sleeps), "-h", "20000").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    TreeMap<Long, Long> histogram = new TreeMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.trim().split("\\s+", -1);
        if (parts.length == 2 && parts[0].matches("\\d+")) {
          histogram.merge(Long.parseLong(parts[0]) * 1_000, Long.parseLong(parts[1]), Long::sum);
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("cyclictest failed");
    }
    return histogram.entrySet().stream()
        .flatMapToLong(e -> LongStream.generate(e::getKey).limit(e.getValue())).sorted().toArray();
  }
}
