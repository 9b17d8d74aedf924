package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures how late sleeps end: each peer sleeps to deadlines a period apart, at rest and while it echoes what a load on the other core sends at a fixed rate. The peer says how late it was. Peers take turns within a round, and only figures of one round are
 * compared.
 *
 * <p>{@code --peers FILE --load PROGRAM --port N --connections N --bytes N --rate N --rounds N --seconds S --warm-up S} and what {@link Results} wants; the peers are those of {@link EchoPeer}. The first that is ours is compared with the others.
 */
final class SleepBenchmark {
  private static final double STEAL_LIMIT = 0.01;
  private static final String MEDIAN = "late-p50-ms";
  private static final int NO_LIMIT = 1_000;

  private record Figure(int round, String peer, Workload workload, int rate, long sleeps, double busy,
      Map<String, Double> said, EchoLoad.@Nullable Waits waits) {
    double micros(String name) {
      return 1_000 * said.getOrDefault(name, Double.NaN);
    }
  }

  private final Options options;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();

  private SleepBenchmark(Options options) {
    this.options = options;
  }

  public static void main(String[] args) throws Exception {
    new SleepBenchmark(Options.parse(args)).run();
  }

  private void run() throws IOException, InterruptedException {
    Results results = new Results(options);
    List<Workload> workloads = Workload.of("sleeps", Path.of(".")); // they need no files
    int rate = options.number("--rate");
    List<EchoPeer> peers = new ArrayList<>();
    try {
      EchoPeer.startAll(options.path("--peers"), options.number("--port"), peers);
      warmUp(peers, workloads.getFirst(), rate);
      for (int round = 1; round <= options.number("--rounds"); round++) {
        for (Workload workload : workloads) {
          for (int load : new int[]{0, rate}) {
            measure(round, workload, load, round % 2 == 1 ? peers : peers.reversed());
          }
        }
      }
    } finally {
      peers.forEach(EchoPeer::close);
    }
    String ours = peers.stream().map(EchoPeer::name).filter(name -> name.startsWith("epollo-")).findFirst()
        .orElseThrow();
    for (Workload workload : workloads) {
      report(workload, 0, "at rest", ours, results);
      report(workload, rate, "with " + rate + " echoes a second", ours, results);
    }
    System.out.printf("%nMedians of the rounds, and the worst of all; the ratios are medians of the ratios within a "
        + "round, with 95 %% intervals. Sleeps of ours: %d, ended early: %.0f%n",
        figures.stream().filter(f -> f.peer().startsWith("epollo-")).mapToLong(Figure::sleeps).sum(),
        figures.stream().filter(f -> f.peer().startsWith("epollo-")).mapToDouble(f -> f.micros("early") / 1_000).sum());
    results.put("dropped", dropped);
    results.put("figures", figures.stream().map(SleepBenchmark::json).toList());
    results.write();
  }

  /** Says which peers cannot do it, and leaves them out. */
  private void warmUp(List<EchoPeer> peers, Workload workload, int rate) throws InterruptedException {
    for (EchoPeer peer : List.copyOf(peers)) {
      try {
        Figure _ = measure(0, peer, workload, rate, options.number("--warm-up"));
      } catch (IOException e) {
        System.out.println("SKIPPED " + peer.name() + ": " + e.getMessage());
        peer.close();
        peers.remove(peer);
      }
    }
  }

  private void measure(int round, Workload workload, int rate, List<EchoPeer> order) throws InterruptedException {
    try {
      MachineTime before = MachineTime.now();
      List<Figure> taken = new ArrayList<>();
      for (EchoPeer peer : order) {
        taken.add(measure(round, peer, workload, rate, options.number("--seconds")));
      }
      double stolen = MachineTime.now().since(before).stolenShare();
      if (stolen > STEAL_LIMIT) {
        throw new IOException("%.1f %% of the time was stolen".formatted(100 * stolen));
      }
      figures.addAll(taken);
    } catch (IOException e) {
      dropped.add("round %d of %s at %d: %s".formatted(round, workload.name(), rate, e.getMessage()));
      System.out.println("DROPPED " + dropped.getLast());
    }
  }

  private Figure measure(int round, EchoPeer peer, Workload workload, int rate, int seconds)
      throws IOException, InterruptedException {
    if (rate == 0) {
      return sleep(round, peer, workload, 0, seconds);
    }
    try (EchoLoad load = EchoLoad.start(options.text("--load"), peer.port(), options.number("--connections"),
        options.number("--bytes"), seconds, NO_LIMIT, rate)) {
      Figure figure = sleep(round, peer, workload, rate, seconds);
      return new Figure(round, peer.name(), workload, rate, figure.sleeps(), figure.busy(), figure.said(),
          load.await());
    }
  }

  private static Figure sleep(int round, EchoPeer peer, Workload workload, int rate, int seconds) throws IOException {
    CpuTime cpu = CpuTime.of(peer.process().pid());
    long start = System.nanoTime();
    PeerProcess.Answer answer = peer.process().run(workload, seconds);
    double busy = (double) CpuTime.of(peer.process().pid()).since(cpu).nanos() / (System.nanoTime() - start);
    if (answer.operations() == 0) {
      throw new IOException(peer.name() + " has not slept");
    }
    return new Figure(round, peer.name(), workload, rate, answer.operations(), busy, answer.others(), null);
  }

  private void report(Workload workload, int rate, String state, String ours, Results results) {
    List<Figure> all = figures.stream().filter(f -> f.workload().equals(workload) && f.rate() == rate).toList();
    System.out.printf("%n%s, %s%n%n| peer | late p50, µs | p99 | p99.9 | worst | early | sleeps | busy | echoes/s |"
        + " echo p99, ms | p50, %s : peer |%n", workload.name(), state, ours);
    System.out.println("|---|" + "--:|".repeat(10));
    Map<String, Estimate> chart = new LinkedHashMap<>();
    for (String peer : all.stream().map(Figure::peer).distinct().toList()) {
      List<Figure> theirs = of(all, peer);
      double[] ratios = Statistics.ratios(of(all, ours), theirs, Figure::round, f -> f.micros(MEDIAN));
      System.out.printf("| %s | %.1f | %.1f | %.1f | %.0f | %.0f | %d | %.0f %% | %.0f | %.2f | %s |%n", peer,
          median(theirs, f -> f.micros(MEDIAN)), median(theirs, f -> f.micros("late-p99-ms")),
          median(theirs, f -> f.micros("late-p99.9-ms")),
          theirs.stream().mapToDouble(f -> f.micros("late-worst-ms")).max().orElse(Double.NaN),
          theirs.stream().mapToDouble(f -> f.micros("early") / 1_000).sum(),
          theirs.stream().mapToLong(Figure::sleeps).sum(), 100 * median(theirs, Figure::busy),
          median(theirs, f -> f.waits() == null ? 0 : f.waits().echoes() / (double) options.number("--seconds")),
          median(theirs, f -> f.waits() == null ? 0 : f.waits().p99()),
          ratios.length == 0 ? "–" : Statistics.bootstrap(ratios).text());
      if (!peer.equals(ours) && ratios.length > 0) {
        chart.put(ours + " : " + peer, Statistics.bootstrap(ratios));
      }
    }
    results.chart(workload.name() + ", " + state + ": p50 of how late", chart);
  }

  private static List<Figure> of(List<Figure> figures, String peer) {
    return figures.stream().filter(f -> f.peer().equals(peer)).toList();
  }

  private static double median(List<Figure> figures, ToDoubleFunction<Figure> value) {
    return Statistics.median(figures.stream().mapToDouble(value).toArray());
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", figure.round());
    json.put("peer", figure.peer());
    json.put("workload", figure.workload().name());
    json.put("rate", figure.rate());
    json.put("sleeps", figure.sleeps());
    json.put("busy", figure.busy());
    json.putAll(figure.said());
    EchoLoad.Waits waits = figure.waits();
    if (waits != null) {
      json.put("echoes", waits.echoes());
      json.put("echo-p50-ms", waits.median());
      json.put("echo-p99-ms", waits.p99());
    }
    return json;
  }
}
