package io.github.epollo.benchmarks.timers;

import io.github.epollo.benchmarks.harness.Options;
import io.github.epollo.benchmarks.harness.Results;
import io.github.epollo.benchmarks.harness.Statistics;
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
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How late sleeps end: Epollo's, beside {@code Thread.sleep} on a platform thread and on a virtual one, and beside cyclictest(8) if it is there. Rounds
 * are interleaved, and all of them run on whatever core this process has been given.
 *
 * <p>{@code --sleeps N --rounds N}, and what {@link Results} wants. Prints a table in Markdown, in microseconds.
 */
final class SleepLateness {
  private static final Duration[] LENGTHS = {Duration.ofNanos(100_000), Duration.ofMillis(1), Duration.ofMillis(10)};

  private static final String OURS = "Epollo";

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
    Options options = Options.parse(args);
    new SleepLateness(options.number("--sleeps")).run(options.number("--rounds"), new Results(options));
  }

  private void run(int rounds, Results results) throws Exception {
    Map<String, Sleeper> sleepers = new LinkedHashMap<>();
    sleepers.put(OURS, this::epollo);
    sleepers.put(OURS + "-again", this::epollo);
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
      record(length, all, results);
    }
    System.out.println("\nEpollo's sleeps that ended early: " + early);
    results.put("early", early);
    results.write();
  }

  private static void record(Duration length, Map<String, List<long[]>> all, Results results) {
    Map<String, Object> figures = new LinkedHashMap<>();
    Map<String, Statistics.Estimate> chart = new LinkedHashMap<>();
    List<long[]> ours = Objects.requireNonNull(all.get(OURS));
    all.forEach((name, rounds) -> {
      figures.put(name, rounds.stream().map(r -> List.of(at(r, 0.5), at(r, 0.99), at(r, 1))).toList());
      double[] ratios = IntStream.range(0, rounds.size())
          .mapToDouble(i -> (double) at(ours.get(i), 0.5) / at(rounds.get(i), 0.5)).toArray();
      if (!name.equals(OURS)) {
        chart.put(OURS + " : " + name, Statistics.bootstrap(ratios));
      }
    });
    String what = "late after " + length.toString().substring(2);
    results.put(what + ", ns: p50, p99, worst, by round", figures);
    results.chart(what + ": p50", chart);
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) ((sorted.length - 1) * share)];
  }

  /** The medians, over the rounds, of each round's percentiles. */
  private static void print(Duration length, String name, List<long[]> rounds) {
    System.out.printf("| %s | %s | %.1f | %.1f | %.1f |%n", length.toString().substring(2), name,
        medianOf(rounds, 0.5), medianOf(rounds, 0.99),
        rounds.stream().mapToLong(r -> r[r.length - 1]).max().orElse(0) / 1e3);
  }

  private static double medianOf(List<long[]> rounds, double share) {
    double[] values = rounds.stream().mapToDouble(r -> at(r, share) / 1e3).sorted().toArray();
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
