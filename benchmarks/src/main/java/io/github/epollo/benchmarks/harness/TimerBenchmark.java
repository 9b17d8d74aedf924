package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import io.github.epollo.benchmarks.timers.CpuProfiler;
import io.github.epollo.benchmarks.timers.TimerChurnBenchmark;
import java.io.IOException;
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
 * <p>{@code --rounds N --seconds S --warm-up S [--peer A,B] [--outstanding N,M]}, and what {@link Results} wants
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
    Options options = Options.parse(args);
    List<Figure> figures = new ArrayList<>();
    int rounds = options.number("--rounds");
    for (int round = 1; round <= rounds; round++) { // each peer once a round, so that only figures taken near each other are compared
      for (RunResult result : run(options)) {
        figures.add(figure(round, result));
      }
    }
    System.out.print(text(figures));
    Results results = new Results(options);
    results.put("figures", figures.stream().map(TimerBenchmark::json).toList());
    chart(figures, results);
    results.write();
  }

  private static Iterable<RunResult> run(Options options) throws RunnerException {
    OptionsBuilder jmh = new OptionsBuilder();
    jmh.include(TimerChurnBenchmark.class.getName().replace(".", "\\.")).forks(1).shouldFailOnError(true)
        .addProfiler(GCProfiler.class).addProfiler(CpuProfiler.class)
        .warmupIterations(1).warmupTime(TimeValue.seconds(options.number("--warm-up")))
        .measurementIterations(1)
        .measurementTime(TimeValue.seconds(options.number("--seconds")));
    for (String parameter : List.of("peer", "outstanding")) {
      String values = options.optional("--" + parameter);
      if (values != null) {
        jmh.param(parameter, values.split(",", -1));
      }
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
            ours.size() == theirs.size() ? ratio(ours, theirs).text() : "–"));
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

  private static void chart(List<Figure> figures, Results results) {
    for (Workload workload : new TreeSet<>(figures.stream().map(Figure::workload).toList())) {
      Map<String, Estimate> chart = new LinkedHashMap<>();
      List<Figure> ours = of(figures, workload, OURS);
      for (String peer : figures.stream().map(Figure::peer).distinct().toList()) {
        List<Figure> theirs = of(figures, workload, peer);
        if (!peer.equals(OURS) && ours.size() == theirs.size()) {
          chart.put(OURS + " : " + peer, ratio(ours, theirs));
        }
      }
      results.chart("%s, %d outstanding: CPU an operation".formatted(workload.name(), workload.outstanding()), chart);
    }
  }

  private static Estimate ratio(List<Figure> ours, List<Figure> theirs) {
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours.get(i).cpuNanos() / theirs.get(i).cpuNanos();
    }
    return Statistics.bootstrap(ratios);
  }

  private static Map<String, Object> json(Figure figure) {
    return Map.of("round", figure.round(), "peer", figure.peer(), "workload", figure.workload().name(), "outstanding",
        figure.workload().outstanding(), "nanos", figure.nanos(), "cpuNanos", figure.cpuNanos(), "bytes",
        figure.bytes());
  }
}
