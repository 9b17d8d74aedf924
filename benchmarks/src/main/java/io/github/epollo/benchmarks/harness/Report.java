package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all rounds: what a request, or a connection, costs each server, and how ours compare with the others. */
final class Report {
  private static final String TWIN = "-again";
  private static final String ONE_LOOP = "-one";
  private static final String TWO_LOOPS = "-two";
  private static final double CLAIM = 2; // times the spread of the control
  private static final double GENERATOR_BUSY = 0.97;
  private static final double OTHERS_LIMIT = 0.03;

  private final List<Server> servers;
  private final List<Round> rounds;
  private final String operation;
  private final boolean backend;
  private final List<Figure> figures;

  /** What is compared: its name in tables, and the title of its chart, which shows the inverse if more is good. */
  private record Figure(String name, String title, ToDoubleFunction<Sample> of, boolean moreIsGood) {
    Estimate charted(Estimate ratio) {
      return moreIsGood ? new Estimate(1 / ratio.median(), 1 / ratio.high(), 1 / ratio.low()) : ratio;
    }
  }

  /** Two servers, compared within the rounds. */
  private record Pair(Server one, Server other) {
    String name() {
      return one.name() + " : " + other.name();
    }

    Pair swapped() {
      return new Pair(other, one);
    }

    boolean isControl() {
      return other.name().endsWith(TWIN);
    }
  }

  /** Of servers that call a backend, or of others; {@code operation} is what the load counts. */
  Report(List<Server> servers, List<Round> rounds, String operation, boolean backend) {
    this.servers = servers;
    this.rounds = rounds;
    this.operation = operation;
    this.backend = backend;
    this.figures = figures(operation, backend);
  }

  private static List<Figure> figures(String operation, boolean backend) {
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("all", "CPU a " + operation, Sample::cost, false));
    figures.add(new Figure("user", "of it in user space", Sample::userCost, false));
    if (backend) {
      figures.add(new Figure("requests/s", "1 : requests a second", Sample::rate, true));
      figures.add(new Figure("switches", "context switches a request", Sample::switchRate, false));
      figures.add(new Figure("p50", "median latency", sample -> sample.load().p50(), false));
    }
    return figures;
  }

  /** As two tables in Markdown, and what there is to say about them. */
  String text() {
    StringBuilder out = new StringBuilder();
    tellServers(out);
    tellPairs(out);
    for (Pair loops : loops()) {
      out.append("%n%s: requests a second %s, CPU a request %s%n".formatted(loops.name(),
          ratio(loops, Sample::rate).text(), ratio(loops, Sample::cost).text()));
    }
    out.append("%nMedians of %d rounds; the ratios are medians of the ratios within a round, with 95 %% intervals.%n"
        .formatted(rounds.size()));
    tellDoubts(out);
    return out.toString();
  }

  private void tellServers(StringBuilder out) {
    out.append("| server | CPU ns/%s | of it user | %ss/s | server busy | load busy |".formatted(operation, operation));
    out.append(backend ? " backend busy | switches/request | p50 µs | p99 µs |\n" : "\n");
    out.append("|---|--:|--:|--:|--:|--:|").append(backend ? "--:|--:|--:|--:|\n" : "\n");
    for (Server server : servers) {
      out.append("| %s | %.0f | %.0f | %.0f | %.0f %% | %.0f %% |".formatted(server.name(),
          median(server, Sample::cost), median(server, Sample::userCost), median(server, Sample::rate),
          100 * median(server, Sample::busy), 100 * median(server, Sample::loadBusy)));
      if (backend) {
        out.append(" %.0f %% | %.3f | %.0f | %.0f |".formatted(100 * median(server, Sample::backendBusy),
            median(server, Sample::switchRate), median(server, sample -> sample.load().p50()),
            median(server, sample -> sample.load().p99())));
      }
      out.append('\n');
    }
  }

  private void tellPairs(StringBuilder out) {
    out.append("%n| CPU a %s, ours : other |".formatted(operation));
    figures.forEach(figure -> out.append(" %s |".formatted(figure.name())));
    out.append("\n|---|").append("--:|".repeat(figures.size())).append('\n');
    for (Pair pair : pairs()) {
      out.append("| %s |".formatted(pair.name()));
      figures.forEach(figure -> out.append(" %s |".formatted(ratio(pair, figure.of()).text())));
      out.append('\n');
    }
  }

  /** How far to trust the figures. */
  private void tellDoubts(StringBuilder out) {
    for (Pair pair : pairs()) {
      if (pair.isControl()) {
        double noise = ratio(pair, Sample::cost).spread();
        out.append("Control (the same server twice): up to %.1f %% apart, so less than %.1f %% is no difference.%n"
            .formatted(100 * noise, 100 * CLAIM * noise));
      }
    }
    double others = Statistics.median(rounds.stream().mapToDouble(Round::others).toArray());
    if (others > OTHERS_LIMIT) {
      out.append("NOT ALONE: other processes used %.0f %% of the machine. Take this as a first look only.%n"
          .formatted(100 * others));
    }
    List<String> limited = servers.stream()
        .filter(server -> median(server, Sample::loadBusy) + median(server, Sample::backendBusy) > GENERATOR_BUSY)
        .map(Server::name)
        .toList();
    if (!limited.isEmpty()) {
      out.append("%s the limit of %s: do not compare the %ss/s.%n".formatted(
          backend ? "The load and the backend, on one core, were" : "The load was", String.join(", ", limited),
          operation));
    }
    for (Server server : servers) {
      if (failed(server) > 0) {
        out.append("FAILED at %s: %d, in all rounds.%n".formatted(server.name(), failed(server)));
      }
    }
  }

  Map<String, Object> json() {
    Map<String, Object> medians = new LinkedHashMap<>();
    for (Server server : servers) {
      medians.put(server.name(), medians(server));
    }
    Map<String, Object> ratios = new LinkedHashMap<>();
    for (Pair pair : pairs()) {
      Map<String, Object> of = new LinkedHashMap<>();
      figures.forEach(figure -> of.put(figure.name(), Results.json(ratio(pair, figure.of()))));
      ratios.put(pair.name(), of);
    }
    return Map.of("medians", medians, "ratios", ratios);
  }

  private Map<String, Object> medians(Server server) {
    Map<String, Object> medians = new LinkedHashMap<>();
    medians.put("cpuNanos", median(server, Sample::cost));
    medians.put("userNanos", median(server, Sample::userCost));
    medians.put("requestsPerSecond", median(server, Sample::rate));
    medians.put("busy", median(server, Sample::busy));
    medians.put("wrkBusy", median(server, Sample::loadBusy));
    medians.put("failed", failed(server));
    if (backend) {
      medians.put("backendBusy", median(server, Sample::backendBusy));
      medians.put("switches", median(server, Sample::switchRate));
      medians.put("p50Micros", median(server, sample -> sample.load().p50()));
      medians.put("p99Micros", median(server, sample -> sample.load().p99()));
    }
    return medians;
  }

  /** Adds a chart of each figure, and one of two loops if there are any. */
  void chart(Results results) {
    for (Figure figure : figures) {
      Map<String, Estimate> ratios = new LinkedHashMap<>();
      pairs().forEach(pair -> ratios.put(pair.name(), figure.charted(ratio(pair, figure.of()))));
      results.chart(figure.title(), ratios);
    }
    Map<String, Estimate> rates = new LinkedHashMap<>();
    loops().stream().map(Pair::swapped).forEach(pair -> rates.put(pair.name(), ratio(pair, Sample::rate)));
    if (!rates.isEmpty()) {
      results.chart("requests a second, one loop : two", rates);
    }
  }

  /** Each of ours against all that are not ours, and against the twin that serves as the control. */
  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (Server ours : servers) {
      if (ours.isOurs() && !ours.name().endsWith(TWIN)) {
        for (Server other : servers) {
          if (!other.isOurs() || other.name().equals(ours.name() + TWIN)) {
            pairs.add(new Pair(ours, other));
          }
        }
      }
    }
    return pairs;
  }

  /** Each server with two loops against the one that does the same with one. */
  private List<Pair> loops() {
    List<Pair> pairs = new ArrayList<>();
    for (Server two : servers) {
      for (Server one : servers) {
        if (two.name().endsWith(TWO_LOOPS) && one.name().equals(two.name().replace(TWO_LOOPS, ONE_LOOP))) {
          pairs.add(new Pair(two, one));
        }
      }
    }
    return pairs;
  }

  private Estimate ratio(Pair pair, ToDoubleFunction<Sample> figure) {
    return Statistics.bootstrap(rounds.stream()
        .mapToDouble(round -> figure.applyAsDouble(round.of(pair.one())) / figure.applyAsDouble(round.of(pair.other())))
        .toArray());
  }

  private long failed(Server server) {
    return rounds.stream().mapToLong(round -> round.of(server).load().failed()).sum();
  }

  private double median(Server server, ToDoubleFunction<Sample> figure) {
    return Statistics
        .median(rounds.stream().mapToDouble(round -> figure.applyAsDouble(round.of(server))).toArray());
  }
}
