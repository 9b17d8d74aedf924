package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all rounds: what a request costs each server, and how ours compare with the others. */
final class Report {
  private static final String TWIN = "-again";
  private static final double CLAIM = 2; // times the spread of the control
  private static final double GENERATOR_BUSY = 0.97;
  private static final double OTHERS_LIMIT = 0.03;

  private static final Figure ALL = new Figure("all", "CPU a request", Sample::cost, false);
  private static final Figure USER = new Figure("user", "of it in user space", Sample::userCost, false);
  /** Of servers that call a backend. */
  private static final List<Figure> COST_AND_WAITS = List.of(ALL, USER,
      new Figure("requests/s", "1 : requests a second", Sample::rate, true),
      new Figure("switches", "context switches a request", Sample::switchRate, false),
      new Figure("p50", "median latency", sample -> sample.load().p50(), false));

  private final List<Server> servers;
  private final List<Round> rounds;
  private final boolean backend;
  private final List<Figure> figures;

  /** What is compared: its name in tables, and the title of its chart, which shows the inverse if more is good. */
  private record Figure(String name, String title, ToDoubleFunction<Sample> of, boolean moreIsGood) {
    Estimate charted(Estimate ratio) {
      return moreIsGood ? new Estimate(1 / ratio.median(), 1 / ratio.high(), 1 / ratio.low()) : ratio;
    }
  }

  /** Two servers, compared within the rounds. */
  private record Pair(Server ours, Server other) {
    String name() {
      return ours.name() + " : " + other.name();
    }

    boolean isControl() {
      return other.name().endsWith(TWIN);
    }
  }

  /** Of servers that call a backend, or of others. */
  Report(List<Server> servers, List<Round> rounds, boolean backend) {
    this.servers = servers;
    this.rounds = rounds;
    this.backend = backend;
    this.figures = backend ? COST_AND_WAITS : List.of(ALL, USER);
  }

  /** As two tables in Markdown. */
  String text() {
    StringBuilder out = new StringBuilder();
    out.append("| server | CPU ns/request | of it user | requests/s | server busy | wrk busy |");
    out.append(backend ? " backend busy | switches/request | p50 µs | p99 µs |\n" : "\n");
    out.append("|---|--:|--:|--:|--:|--:|").append(backend ? "--:|--:|--:|--:|\n" : "\n");
    List<String> generatorBound = new ArrayList<>();
    for (Server server : servers) {
      double wrkBusy = median(server, Sample::wrkBusy);
      double backendBusy = median(server, Sample::backendBusy);
      if (wrkBusy + backendBusy > GENERATOR_BUSY) {
        generatorBound.add(server.name());
      }
      out.append("| %s | %.0f | %.0f | %.0f | %.0f %% | %.0f %% |".formatted(server.name(),
          median(server, Sample::cost), median(server, Sample::userCost), median(server, Sample::rate),
          100 * median(server, Sample::busy), 100 * wrkBusy));
      if (backend) {
        out.append(" %.0f %% | %.3f | %.0f | %.0f |".formatted(100 * backendBusy, median(server, Sample::switchRate),
            median(server, sample -> sample.load().p50()), median(server, sample -> sample.load().p99())));
      }
      out.append('\n');
    }
    out.append("\n| CPU a request, ours : other |");
    figures.forEach(figure -> out.append(" %s |".formatted(figure.name())));
    out.append("\n|---|").append("--:|".repeat(figures.size())).append('\n');
    double noise = Double.NaN;
    for (Pair pair : pairs()) {
      out.append("| %s |".formatted(pair.name()));
      figures.forEach(figure -> out.append(" %s |".formatted(ratio(pair, figure).text())));
      out.append('\n');
      if (pair.isControl()) {
        noise = ratio(pair, ALL).spread();
      }
    }
    out.append("%nMedians of %d rounds; the ratios are medians of the ratios within a round, with 95 %% intervals.%n"
        .formatted(rounds.size()));
    if (!Double.isNaN(noise)) {
      out.append("Control (the same server twice): up to %.1f %% apart, so less than %.1f %% is no difference.%n"
          .formatted(100 * noise, 100 * CLAIM * noise));
    }
    double others = Statistics.median(rounds.stream().mapToDouble(Round::others).toArray());
    if (others > OTHERS_LIMIT) {
      out.append("NOT ALONE: other processes used %.0f %% of the machine. Take this as a first look only.%n"
          .formatted(100 * others));
    }
    if (!generatorBound.isEmpty()) {
      out.append("%s the limit of %s: do not compare the requests/s.%n"
          .formatted(backend ? "wrk and the backend, on one core, were" : "wrk was",
              String.join(", ", generatorBound)));
    }
    return out.toString();
  }

  Map<String, Object> json() {
    Map<String, Object> medians = new LinkedHashMap<>();
    for (Server server : servers) {
      medians.put(server.name(), medians(server));
    }
    Map<String, Object> ratios = new LinkedHashMap<>();
    for (Pair pair : pairs()) {
      Map<String, Object> of = new LinkedHashMap<>();
      figures.forEach(figure -> of.put(figure.name(), Results.json(ratio(pair, figure))));
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
    medians.put("wrkBusy", median(server, Sample::wrkBusy));
    if (backend) {
      medians.put("backendBusy", median(server, Sample::backendBusy));
      medians.put("switches", median(server, Sample::switchRate));
      medians.put("p50Micros", median(server, sample -> sample.load().p50()));
      medians.put("p99Micros", median(server, sample -> sample.load().p99()));
    }
    return medians;
  }

  /** Adds a chart of each figure. */
  void chart(Results results) {
    for (Figure figure : figures) {
      Map<String, Estimate> ratios = new LinkedHashMap<>();
      pairs().forEach(pair -> ratios.put(pair.name(), figure.charted(ratio(pair, figure))));
      results.chart(figure.title(), ratios);
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

  private Estimate ratio(Pair pair, Figure figure) {
    return Statistics.bootstrap(rounds.stream()
        .mapToDouble(round -> figure.of().applyAsDouble(round.of(pair.ours()))
            / figure.of().applyAsDouble(round.of(pair.other())))
        .toArray());
  }

  private double median(Server server, ToDoubleFunction<Sample> figure) {
    return Statistics
        .median(rounds.stream().mapToDouble(round -> figure.applyAsDouble(round.of(server))).toArray());
  }
}
