package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The figures of all rounds: what a request, or a connection, costs each server, and how ours compare with the others. */
final class Report {
  private static final String TWIN = "-again";
  private static final double CLAIM = 2; // times the spread of the control
  private static final double GENERATOR_BUSY = 0.97;
  private static final double OTHERS_LIMIT = 0.03;

  private final List<Server> servers;
  private final List<Round> rounds;
  private final String operation;

  /** A ratio within the rounds: all CPU time, and the part outside the kernel. */
  private record Ratio(Server ours, Server other, Estimate all, Estimate user) {}

  Report(List<Server> servers, List<Round> rounds, String operation) {
    this.servers = servers;
    this.rounds = rounds;
    this.operation = operation;
  }

  /** As two tables in Markdown. */
  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "| server | CPU ns/%s | of it user | %ss/s | server busy | load busy |%n".formatted(operation, operation));
    out.append("|---|--:|--:|--:|--:|--:|\n");
    boolean generatorBound = false;
    for (Server server : servers) {
      double wrkBusy = median(server, Sample::wrkBusy);
      generatorBound |= wrkBusy > GENERATOR_BUSY;
      out.append("| %s | %.0f | %.0f | %.0f | %.0f %% | %.0f %% |%n".formatted(server.name(),
          median(server, Sample::cost), median(server, Sample::userCost), median(server, Sample::rate),
          100 * median(server, Sample::busy), 100 * wrkBusy));
    }
    out.append("%n| CPU a %s, ours : other | all | user |%n|---|--:|--:|%n".formatted(operation));
    double noise = Double.NaN;
    for (Ratio ratio : ratios()) {
      out.append("| %s : %s | %s | %s |%n".formatted(ratio.ours().name(), ratio.other().name(), ratio.all().text(),
          ratio.user().text()));
      if (isControl(ratio)) {
        noise = ratio.all().spread();
      }
    }
    for (Server two : servers) {
      Server one = oneOf(two);
      if (one != null) {
        out.append("%n%s : %s: requests a second %s, CPU a request %s%n".formatted(two.name(), one.name(),
            ratio(two, one, Sample::rate).text(), ratio(two, one, Sample::cost).text()));
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
    if (generatorBound) {
      out.append("The load was the limit of at least one server: do not compare the %ss/s.%n".formatted(operation));
    }
    for (Server server : servers) {
      if (failed(server) > 0) {
        out.append("FAILED at %s: %d, in all rounds.%n".formatted(server.name(), failed(server)));
      }
    }
    return out.toString();
  }

  Map<String, Object> json() {
    Map<String, Object> medians = new LinkedHashMap<>();
    for (Server server : servers) {
      medians.put(server.name(),
          Map.of("cpuNanos", median(server, Sample::cost), "userNanos", median(server, Sample::userCost),
              "requestsPerSecond", median(server, Sample::rate), "busy", median(server, Sample::busy), "wrkBusy",
              median(server, Sample::wrkBusy), "failed", failed(server)));
    }
    Map<String, Object> ratios = new LinkedHashMap<>();
    for (Ratio ratio : ratios()) {
      ratios.put(ratio.ours().name() + " : " + ratio.other().name(),
          Map.of("all", Results.json(ratio.all()), "user", Results.json(ratio.user())));
    }
    return Map.of("medians", medians, "ratios", ratios);
  }

  /** The server that does with one loop what {@code two} does with two; null if there is none. */
  private @Nullable Server oneOf(Server two) {
    return servers.stream().filter(server -> two.name().equals(server.name().replace("-one", "-two")) && server != two)
        .findFirst().orElse(null);
  }

  /** Adds a chart of all CPU time, and one of what is outside the kernel. */
  void chart(Results results) {
    Map<String, Estimate> all = new LinkedHashMap<>();
    Map<String, Estimate> user = new LinkedHashMap<>();
    for (Ratio ratio : ratios()) {
      String name = ratio.ours().name() + " : " + ratio.other().name();
      all.put(name, ratio.all());
      user.put(name, ratio.user());
    }
    results.chart("CPU a " + operation, all);
    results.chart("of it in user space", user);
    Map<String, Estimate> rates = new LinkedHashMap<>();
    for (Server two : servers) {
      Server one = oneOf(two);
      if (one != null) {
        rates.put(one.name() + " : " + two.name(), ratio(one, two, Sample::rate));
      }
    }
    if (!rates.isEmpty()) {
      results.chart("requests a second, one loop : two", rates);
    }
  }

  /** Each of ours against all that are not ours, and against the twin that serves as the control. */
  private List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    for (Server ours : servers) {
      if (ours.isOurs() && !ours.name().endsWith(TWIN)) {
        for (Server other : servers) {
          if (!other.isOurs() || other.name().equals(ours.name() + TWIN)) {
            ratios.add(new Ratio(ours, other, ratio(ours, other, Sample::cost), ratio(ours, other, Sample::userCost)));
          }
        }
      }
    }
    return ratios;
  }

  private static boolean isControl(Ratio ratio) {
    return ratio.other().name().endsWith(TWIN);
  }

  private Estimate ratio(Server ours, Server other, ToDoubleFunction<Sample> figure) {
    return Statistics.bootstrap(rounds.stream()
        .mapToDouble(round -> figure.applyAsDouble(round.of(ours)) / figure.applyAsDouble(round.of(other)))
        .toArray());
  }

  private long failed(Server server) {
    return rounds.stream().mapToLong(round -> round.of(server).failed()).sum();
  }

  private double median(Server server, ToDoubleFunction<Sample> figure) {
    return Statistics
        .median(rounds.stream().mapToDouble(round -> figure.applyAsDouble(round.of(server))).toArray());
  }
}
