package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures what one task that hardly ever waits does to the others: each peer is a server that echoes, and is told to let so many sleep again and again, beside a hog or without one. How late they wake the peer says itself; how long echoes
 * take, the load on the other core. Peers take turns within a round, and only figures of one round are compared. These are latencies, not costs.
 *
 * <p>{@code --peers FILE --load PROGRAM --port N --connections N --bytes N --limit MILLIS --rounds N --seconds S --warm-up S} and what {@link Results} wants; the file of peers has a line each, name and command, separated by a tab. The first
 * peer that is ours is compared with the others.
 */
final class HogBenchmark {
  private static final double STEAL_LIMIT = 0.01;
  private static final double OTHERS_LIMIT = 0.03;
  private static final double PERIODS_A_SECOND = 10;
  private static final String LATE = "late-p99.9-ms";

  private record Figure(int round, String peer, Workload workload, long sleeps, double seconds, double busy,
      Map<String, Double> said, EchoLoad.Waits waits) {
    double of(String name) {
      return said.getOrDefault(name, Double.NaN);
    }
  }

  private final Options options;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private final List<Double> others = new ArrayList<>(); // the share of the machine that went elsewhere, by round

  private HogBenchmark(Options options) {
    this.options = options;
  }

  public static void main(String[] args) throws Exception {
    new HogBenchmark(Options.parse(args)).run();
  }

  private void run() throws IOException, InterruptedException {
    Results results = new Results(options);
    List<Workload> workloads = Workload.of("hogs", Path.of(".")); // they need no files
    List<EchoPeer> peers = new ArrayList<>();
    try {
      EchoPeer.startAll(options.path("--peers"), options.number("--port"), peers);
      for (Workload workload : workloads) {
        List<EchoPeer> able = warmUp(workload, peers);
        for (int round = 1; round <= options.number("--rounds"); round++) {
          measure(round, workload, round % 2 == 1 ? able : able.reversed());
        }
      }
    } finally {
      peers.forEach(EchoPeer::close);
    }
    if (figures.isEmpty()) {
      System.out.println("No round is left to report.");
      System.exit(1);
    }
    String ours = peers.stream().map(EchoPeer::name).filter(name -> name.startsWith("epollo-")).findFirst()
        .orElseThrow();
    for (Workload workload : workloads) {
      report(workload, ours, results);
    }
    System.out
        .println("\nMedians of the rounds, and the worst of all rounds in brackets; the ratios are medians of the "
            + "ratios within a round, with 95 % intervals.");
    System.out.printf("Starved are connections on which an echo took more than %d ms. Sleeps that ended early: %.0f%n",
        options.number("--limit"), figures.stream().mapToDouble(figure -> figure.of("early")).sum());
    double elsewhere = Statistics.median(others.stream().mapToDouble(Double::doubleValue).toArray());
    if (elsewhere > OTHERS_LIMIT) {
      System.out.printf("NOT ALONE: other processes used %.0f %% of the machine. Take this as a first look only.%n",
          100 * elsewhere);
    }
    results.put("dropped", dropped);
    results.put("others", others);
    results.put("figures", figures.stream().map(HogBenchmark::json).toList());
    results.write();
  }

  private List<EchoPeer> warmUp(Workload workload, List<EchoPeer> peers) throws InterruptedException {
    List<EchoPeer> able = new ArrayList<>();
    for (EchoPeer peer : peers) {
      try {
        Figure _ = measure(0, peer, workload, options.number("--warm-up"));
        able.add(peer);
      } catch (IOException e) {
        System.out.println("SKIPPED " + peer.name() + " for " + workload.name() + ": " + e.getMessage());
      }
    }
    return able;
  }

  private void measure(int round, Workload workload, List<EchoPeer> order) throws InterruptedException {
    try {
      MachineTime before = MachineTime.now();
      long loads = CpuTime.ofOwnChildren();
      List<Figure> taken = new ArrayList<>();
      for (EchoPeer peer : order) {
        taken.add(measure(round, peer, workload, options.number("--seconds")));
      }
      MachineTime passed = MachineTime.now().since(before);
      if (passed.stolenShare() > STEAL_LIMIT) {
        throw new IOException("%.1f %% of the time was stolen".formatted(100 * passed.stolenShare()));
      }
      figures.addAll(taken);
      others.add(passed.othersShare(
          (CpuTime.ofOwnChildren() - loads) / 1e9 + taken.stream().mapToDouble(f -> f.busy() * f.seconds()).sum()));
    } catch (IOException e) {
      dropped.add("round %d of %s: %s".formatted(round, workload.name(), e.getMessage()));
      System.out.println("DROPPED " + dropped.getLast());
    }
  }

  private Figure measure(int round, EchoPeer peer, Workload workload, int seconds)
      throws IOException, InterruptedException {
    try (EchoLoad load = EchoLoad.start(options.text("--load"), peer.port(), options.number("--connections"),
        options.number("--bytes"), seconds, options.number("--limit"), 0)) {
      CpuTime cpu = CpuTime.of(peer.process().pid());
      long start = System.nanoTime();
      PeerProcess.Answer answer = peer.process().run(workload, seconds);
      double passed = (System.nanoTime() - start) / 1e9;
      double busy = CpuTime.of(peer.process().pid()).since(cpu).nanos() / 1e9 / passed;
      double expected = workload.block() * (seconds * PERIODS_A_SECOND - 1);
      if (Math.abs(answer.operations() - expected) > workload.block()) {
        throw new IOException(
            "%s slept %d times in place of %.0f".formatted(peer.name(), answer.operations(), expected));
      }
      return new Figure(round, peer.name(), workload, answer.operations(), passed, busy, answer.others(), load.await());
    }
  }

  /** Prints the table of a workload, and adds its charts to the results. */
  private void report(Workload workload, String ours, Results results) {
    List<Figure> all = figures.stream().filter(f -> f.workload().equals(workload)).toList();
    System.out.printf(
        "%n%s%n%n| peer | late p50, ms | p99 | p99.9 | worst | early | echo p50, ms | echo p99 | longest | starved | echoes/s | slices/s | busy | late p99.9, %s : peer | longest echo, %s : peer |%n",
        workload.name(), ours, ours);
    System.out.println("|---|" + "--:|".repeat(14));
    Map<String, Estimate> late = new LinkedHashMap<>();
    Map<String, Estimate> longest = new LinkedHashMap<>();
    for (String peer : all.stream().map(Figure::peer).distinct().toList()) {
      List<Figure> theirs = of(all, peer);
      double[] lateRatios = ratios(of(all, ours), theirs, f -> f.of(LATE));
      double[] longestRatios = ratios(of(all, ours), theirs, f -> f.waits().longest());
      System.out.printf(
          "| %s | %.2f | %.2f | %.2f | %.2f (%.1f) | %.0f | %.2f | %.2f | %.2f (%.1f) | %.0f (%.0f) | %.0f | %.0f | %.0f %% | %s | %s |%n",
          peer, median(theirs, f -> f.of("late-p50-ms")), median(theirs, f -> f.of("late-p99-ms")),
          median(theirs, f -> f.of(LATE)), median(theirs, f -> f.of("late-worst-ms")),
          most(theirs, f -> f.of("late-worst-ms")), theirs.stream().mapToDouble(f -> f.of("early")).sum(),
          median(theirs, f -> f.waits().median()), median(theirs, f -> f.waits().p99()),
          median(theirs, f -> f.waits().longest()), most(theirs, f -> f.waits().longest()),
          median(theirs, f -> f.waits().starved()), most(theirs, f -> f.waits().starved()),
          median(theirs, f -> f.waits().echoes() / f.seconds()), median(theirs, f -> f.of("slices") / f.seconds()),
          100 * median(theirs, Figure::busy), text(lateRatios),
          text(longestRatios));
      if (!peer.equals(ours) && lateRatios.length > 0) {
        late.put(ours + " : " + peer, Statistics.bootstrap(lateRatios));
        longest.put(ours + " : " + peer, Statistics.bootstrap(longestRatios));
      }
    }
    results.chart(workload.name() + ": p99.9 of how late sleeps end", late);
    results.chart(workload.name() + ": longest wait for an echo", longest);
  }

  private static List<Figure> of(List<Figure> figures, String peer) {
    return figures.stream().filter(f -> f.peer().equals(peer)).toList();
  }

  private static double median(List<Figure> figures, ToDoubleFunction<Figure> value) {
    return Statistics.median(figures.stream().mapToDouble(value).toArray());
  }

  private static double most(List<Figure> figures, ToDoubleFunction<Figure> value) {
    return figures.stream().mapToDouble(value).max().orElse(Double.NaN);
  }

  private static double[] ratios(List<Figure> ours, List<Figure> theirs, ToDoubleFunction<Figure> value) {
    return Statistics.ratios(ours, theirs, Figure::round, value);
  }

  private static String text(double[] ratios) {
    return ratios.length == 0 ? "–" : Statistics.bootstrap(ratios).text();
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", figure.round());
    json.put("peer", figure.peer());
    json.put("workload", figure.workload().name());
    json.put("sleeps", figure.sleeps());
    json.put("seconds", figure.seconds());
    json.put("busy", figure.busy());
    json.putAll(figure.said());
    json.put("echoes", figure.waits().echoes());
    json.put("echo-p50-ms", figure.waits().median());
    json.put("echo-p99-ms", figure.waits().p99());
    json.put("echo-longest-ms", figure.waits().longest());
    json.put("starved", figure.waits().starved());
    return json;
  }
}
