package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Measures what operations cost that need no load from outside: each peer is a process that is told a workload and answers with the number of operations; the CPU time of all its threads, the kernel's workers for it
 * included, is read before and after. Peers take turns within a round, and only figures of one round are compared.
 *
 * <p>{@code --benchmark channels|files|sched|wake --peers FILE --data DIRECTORY --rounds N --seconds S --warm-up S} and what {@link Results} wants; the file of peers has a line each, name and command, separated by a tab. The
 * first peer that is ours is compared with the others.
 */
final class PeerBenchmark {
  private static final String FLOOR = "floor";
  private static final double STEAL_LIMIT = 0.01;

  private record Figure(int round, String peer, Workload workload, long operations, double seconds, long cpuNanos,
      Map<String, Double> others) {
    double cost() {
      return (double) cpuNanos / operations;
    }

    double rate() {
      return operations / seconds;
    }

    double other(String name) {
      return others.getOrDefault(name, Double.NaN);
    }
  }

  private final Options options;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();

  private PeerBenchmark(Options options) {
    this.options = options;
  }

  public static void main(String[] args) throws IOException {
    new PeerBenchmark(Options.parse(args)).run();
  }

  private void run() throws IOException {
    Results results = new Results(options);
    List<Workload> workloads = Workload.of(options.text("--benchmark"), options.path("--data"));
    List<PeerProcess> peers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(options.path("--peers"))) {
        String[] fields = line.split("\t", 2);
        peers.add(new PeerProcess(fields[0], List.of(fields[1].split(" ", -1))));
      }
      for (Workload workload : workloads) {
        measure(workload, peers);
      }
    } finally {
      peers.forEach(PeerProcess::close);
    }
    String ours = peers.stream().map(PeerProcess::name).filter(name -> name.startsWith("epollo-")).findFirst()
        .orElseThrow();
    for (Workload workload : workloads) {
      report(workload, ours, results);
    }
    System.out.println(
        "\nMedians of the rounds; the ratios are medians of the ratios within a round, with 95 % intervals.");
    results.put("dropped", dropped);
    results.put("figures", figures.stream().map(PeerBenchmark::json).toList());
    results.write();
  }

  private void measure(Workload workload, List<PeerProcess> peers) throws IOException {
    List<PeerProcess> able = new ArrayList<>();
    for (PeerProcess peer : peers) {
      if (peer.run(workload, options.number("--warm-up")).operations() == 0) {
        System.out.println("SKIPPED " + peer.name() + " for " + workload.name() + ": it has no such workload");
      } else {
        able.add(peer);
      }
    }
    for (int round = 1; round <= options.number("--rounds"); round++) {
      measure(round, workload, round % 2 == 1 ? able : able.reversed());
    }
  }

  private void measure(int round, Workload workload, List<PeerProcess> order) throws IOException {
    MachineTime before = MachineTime.now();
    List<Figure> taken = new ArrayList<>();
    for (PeerProcess peer : order) {
      CpuTime cpu = CpuTime.of(peer.pid());
      long start = System.nanoTime();
      PeerProcess.Answer answer = peer.run(workload, options.number("--seconds"));
      double passed = (System.nanoTime() - start) / 1e9;
      taken.add(new Figure(round, peer.name(), workload, answer.operations(), passed,
          CpuTime.of(peer.pid()).since(cpu).nanos(), answer.others()));
    }
    double stolen = MachineTime.now().since(before).stolenShare();
    if (stolen > STEAL_LIMIT) {
      dropped.add("round %d of %s: %.1f %% of the time was stolen".formatted(round, workload.name(), 100 * stolen));
      System.out.println("DROPPED " + dropped.getLast());
    } else {
      figures.addAll(taken);
    }
  }

  /** Prints the table of a workload, and adds its chart to the results. */
  private void report(Workload workload, String ours, Results results) {
    List<Figure> all = figures.stream().filter(f -> f.workload().equals(workload)).toList();
    Set<String> others = new LinkedHashSet<>();
    all.forEach(f -> others.addAll(f.others().keySet()));
    System.out.printf(
        "%n%s%n%n| peer | CPU ns/op | op/s |%s CPU, peer : floor | rate, peer : floor | CPU, %s : peer |%n",
        workload.name(), others.stream().map(name -> " " + name + " |").reduce("", String::concat), ours);
    System.out.println("|---|--:|--:|" + "--:|".repeat(others.size()) + "--:|--:|--:|");
    Map<String, Estimate> chart = new LinkedHashMap<>();
    for (String peer : all.stream().map(Figure::peer).distinct().toList()) {
      List<Figure> theirs = of(all, peer);
      StringBuilder more = new StringBuilder();
      for (String other : others) {
        more.append(" %.2f |".formatted(median(theirs, f -> f.other(other))));
      }
      System.out.printf("| %s | %.1f | %.0f |%s %s | %s | %s |%n", peer, median(theirs, Figure::cost),
          median(theirs, Figure::rate), more, ratio(theirs, of(all, FLOOR), Figure::cost),
          ratio(theirs, of(all, FLOOR), Figure::rate), ratio(of(all, ours), theirs, Figure::cost));
      double[] ratios = ratios(of(all, ours), theirs, Figure::cost);
      if (!peer.equals(ours) && ratios.length > 0) {
        chart.put(ours + " : " + peer, Statistics.bootstrap(ratios));
      }
    }
    results.chart(workload.name() + ": CPU an operation", chart);
  }

  private static List<Figure> of(List<Figure> figures, String peer) {
    return figures.stream().filter(f -> f.peer().equals(peer)).toList();
  }

  private static double median(List<Figure> figures, ToDoubleFunction<Figure> value) {
    return Statistics.median(figures.stream().mapToDouble(value).toArray());
  }

  private static double[] ratios(List<Figure> ours, List<Figure> theirs, ToDoubleFunction<Figure> value) {
    return Statistics.ratios(ours, theirs, Figure::round, value);
  }

  private static String ratio(List<Figure> ours, List<Figure> theirs, ToDoubleFunction<Figure> value) {
    double[] ratios = ratios(ours, theirs, value);
    return ratios.length == 0 ? "–" : Statistics.bootstrap(ratios).text();
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", figure.round());
    json.put("peer", figure.peer());
    json.put("workload", figure.workload().name());
    json.put("operations", figure.operations());
    json.put("seconds", figure.seconds());
    json.put("cpuNanos", figure.cpuNanos());
    json.putAll(figure.others());
    return json;
  }
}
