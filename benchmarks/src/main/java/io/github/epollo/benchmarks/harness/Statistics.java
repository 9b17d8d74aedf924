package io.github.epollo.benchmarks.harness;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** Medians, and how far to trust them. */
public final class Statistics {
  private static final int RESAMPLES = 10_000;
  private static final long SEED = 42; // the same figures give the same interval

  /** A median with its 95 % interval. */
  public record Estimate(double median, double low, double high) {
    /** How far the interval reaches from 1, as a share. */
    public double spread() {
      return Math.max(Math.abs(low - 1), Math.abs(high - 1));
    }

    /** For a table. */
    public String text() {
      return "%.2f (%.2f–%.2f)".formatted(median, low, high);
    }
  }

  private Statistics() {}

  /** The median. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The ratios of two peers' figures within each round. */
  static <T> double[] ratios(List<T> ours, List<T> theirs, ToIntFunction<T> round, ToDoubleFunction<T> value) {
    return ours.stream()
        .flatMapToDouble(a -> theirs.stream()
            .filter(b -> round.applyAsInt(a) == round.applyAsInt(b))
            .mapToDouble(b -> value.applyAsDouble(a) / value.applyAsDouble(b)))
        .toArray();
  }

  /** The median, with the 2.5th and the 97.5th percentile of the medians of samples drawn from the values with replacement. */
  public static Estimate bootstrap(double[] values) {
    Random random = new Random(SEED);
    double[] medians = new double[RESAMPLES];
    double[] drawn = new double[values.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < drawn.length; j++) {
        drawn[j] = values[random.nextInt(values.length)];
      }
      medians[i] = median(drawn);
    }
    Arrays.sort(medians);
    return new Estimate(median(values), medians[RESAMPLES / 40], medians[RESAMPLES - 1 - RESAMPLES / 40]);
  }
}
