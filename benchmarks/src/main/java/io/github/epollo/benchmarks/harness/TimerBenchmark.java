package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import io.github.epollo.benchmarks.timers.CpuProfiler;
import io.github.epollo.benchmarks.timers.TimerChurnBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures what a timer costs each peer, by JMH, and prints tables of figures and ratios.
 *
 * <p>{@code --results DIRECTORY --rounds N --seconds S --warm-up S --peers A,B --outstanding N,M [--fact KEY=VALUE]...}
 */
final class TimerBenchmark {
  private static final String OURS = "epollo-wheel";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** One benchmark with one number of outstanding timers. */
  private record Workload(String name, int outstanding) implements Comparable<Workload> {
    @Override
    public int compareTo(Workload other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : Integer.compare(outstanding, other.outstanding);
    }
  }

  private record Figure(int round, String peer, Workload workload, double nanos, double cpuNanos, double bytes) {}

  private TimerBenchmark() {}

  public static void main(String[] args) throws RunnerException, IOException {
    Map<String, String> options = new LinkedHashMap<>();
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--fact")) {
        String[] fact = args[i + 1].split("=", 2);
        facts.put(fact[0], fact[1]);
      } else {
        options.put(args[i], args[i + 1]);
      }
    }
    List<Figure> figures = new ArrayList<>();
    int rounds = Integer.parseInt(options.getOrDefault("--rounds", "1"));
    for (int round = 1; round <= rounds; round++) { // each peer once a round, so that only figures taken near each other are compared
      for (RunResult result : run(options)) {
        figures.add(figure(round, result));
      }
    }
    System.out.print(text(figures));
    Path file = Files.createDirectories(Path.of(options.getOrDefault("--results", "benchmarks/results")))
        .resolve("timers-" + Instant.now().toString().replace(':', '-') + ".json");
    Files.writeString(file, Json.of(Map.of("environment", environment(facts), "options", options, "figures",
        figures.stream().map(TimerBenchmark::json).toList())) + "\n");
    System.out.println("\nWritten to " + file);
  }

  private static Iterable<RunResult> run(Map<String, String> options) throws RunnerException {
    OptionsBuilder jmh = new OptionsBuilder();
    jmh.include(TimerChurnBenchmark.class.getName().replace(".", "\\.")).forks(1).shouldFailOnError(true)
        .addProfiler(GCProfiler.class).addProfiler(CpuProfiler.class)
        .warmupIterations(1).warmupTime(TimeValue.seconds(Long.parseLong(options.getOrDefault("--warm-up", "3"))))
        .measurementIterations(1)
        .measurementTime(TimeValue.seconds(Long.parseLong(options.getOrDefault("--seconds", "5"))));
    if (options.containsKey("--peers")) {
      jmh.param("peer", options.get("--peers").split(",", -1));
    }
    if (options.containsKey("--outstanding")) {
      jmh.param("outstanding", options.get("--outstanding").split(",", -1));
    }
    return new Runner(jmh.build()).run();
  }

  private static Figure figure(int round, RunResult result) {
    String method = result.getParams().getBenchmark();
    Workload workload = new Workload(method.substring(method.lastIndexOf('.') + 1),
        Integer.parseInt(result.getParams().getParam("outstanding")));
    return new Figure(round, result.getParams().getParam("peer"), workload, result.getPrimaryResult().getScore(),
        secondary(result, CpuProfiler.CPU), secondary(result, ALLOCATED));
  }

  private static double secondary(RunResult result, String name) {
    for (Map.Entry<String, ? extends Result<?>> entry : cast(result.getSecondaryResults()).entrySet()) {
      if (entry.getKey().endsWith(name)) {
        return entry.getValue().getScore();
      }
    }
    return Double.NaN;
  }

  @SuppressWarnings("unchecked") // JMH's raw types
  private static Map<String, ? extends Result<?>> cast(Map<String, ?> results) {
    return (Map<String, ? extends Result<?>>) results;
  }

  private static String text(List<Figure> figures) {
    StringBuilder out = new StringBuilder();
    for (Workload workload : new TreeSet<>(figures.stream().map(Figure::workload).toList())) {
      out.append("%n%s, %d outstanding%n%n".formatted(workload.name(), workload.outstanding()));
      out.append("| peer | ns/op | CPU ns/op | B/op | CPU, ours : peer |\n|---|--:|--:|--:|--:|\n");
      List<Figure> ours = of(figures, workload, OURS);
      for (String peer : figures.stream().map(Figure::peer).distinct().toList()) {
        List<Figure> theirs = of(figures, workload, peer);
        out.append("| %s | %.1f | %.1f | %.1f | %s |%n".formatted(peer, median(theirs, Figure::nanos),
            median(theirs, Figure::cpuNanos), median(theirs, Figure::bytes),
            ours.size() == theirs.size() ? ratio(ours, theirs) : "–"));
      }
    }
    return out
        .append("\nMedians of the rounds; the ratios are medians of the ratios within a round, with 95 % intervals.\n")
        .toString();
  }

  private static List<Figure> of(List<Figure> figures, Workload workload, String peer) {
    return figures.stream().filter(f -> f.workload().equals(workload) && f.peer().equals(peer)).toList();
  }

  private static double median(List<Figure> figures, java.util.function.ToDoubleFunction<Figure> value) {
    return Statistics.median(figures.stream().mapToDouble(value).toArray());
  }

  private static String ratio(List<Figure> ours, List<Figure> theirs) {
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours.get(i).cpuNanos() / theirs.get(i).cpuNanos();
    }
    Estimate estimate = Statistics.bootstrap(ratios);
    return "%.2f (%.2f–%.2f)".formatted(estimate.median(), estimate.low(), estimate.high());
  }

  private static Map<String, Object> environment(Map<String, String> facts) {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("time", Instant.now());
    for (String property : List.of("java.version", "java.vendor.version", "os.version", "os.arch")) {
      environment.put(property, System.getProperty(property, ""));
    }
    environment.putAll(facts);
    return environment;
  }

  private static Map<String, Object> json(Figure figure) {
    return Map.of("round", figure.round(), "peer", figure.peer(), "workload", figure.workload().name(), "outstanding",
        figure.workload().outstanding(), "nanos", figure.nanos(), "cpuNanos", figure.cpuNanos(), "bytes",
        figure.bytes());
  }
}
