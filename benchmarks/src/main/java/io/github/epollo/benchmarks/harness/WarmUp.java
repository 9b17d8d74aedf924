package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The costs of a server in its first seconds under load: the cold one, and whether they had settled at the end. */
record WarmUp(List<Double> costs, boolean settled) {
  private static final int WINDOWS = 3;
  private static final double SETTLED = 1.03;
  private static final int PATIENCE = 3; // times the shortest warm-up

  /** Loads a server for at least {@code seconds}, in windows of one second, until the last three windows agree within 3 %. */
  static WarmUp run(Server server, Wrk wrk, int seconds) throws IOException, InterruptedException {
    List<Double> costs = new ArrayList<>();
    boolean settled = false;
    while (costs.size() < seconds || (!settled && costs.size() < PATIENCE * seconds)) {
      costs.add(Sample.take(server, wrk, 1).cost());
      settled = costs.size() >= WINDOWS && agree(costs.subList(costs.size() - WINDOWS, costs.size()));
    }
    return new WarmUp(List.copyOf(costs), settled);
  }

  private static boolean agree(List<Double> costs) {
    var figures = costs.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return figures.getMax() < figures.getMin() * SETTLED;
  }

  double cold() {
    return costs.getFirst();
  }
}
