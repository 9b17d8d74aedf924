package io.github.epollo.benchmarks.hogs;

import io.github.epollo.benchmarks.Commands;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When one of many sleepers is to wake, and how late it does: at deadlines a period apart, which do not move when it is late. Those that have passed before it could sleep count, too. The deadlines of all are spread over a period.
 *
 * <p><b>Threading:</b> one at a time.
 */
final class Sleeper {
  private static final long PERIOD = 100_000_000;
  private static final long SPREAD = 10_000_000;
  private static final int ROOM = 64;

  private final long period;
  private final long end;
  private long deadline;
  private long[] late = new long[ROOM];
  private int count;

  private Sleeper(long first, long period, long end) {
    this.deadline = first;
    this.period = period;
    this.end = end;
  }

  /** Those of a workload, for deadlines before {@code end}: {@code number} of them, or for "sleeps" as many as wake every 10 ms, with a period of {@code number} microseconds. */
  static List<Sleeper> of(String workload, int number, long end) {
    if (workload.equals("sleeps")) {
      long period = number * 1_000L;
      return spread((int) Math.max(1, period / SPREAD), period, end);
    }
    return spread(number, PERIOD, end);
  }

  private static List<Sleeper> spread(int number, long period, long end) {
    long start = System.nanoTime() + period;
    return IntStream.range(0, number).mapToObj(i -> new Sleeper(start + period * i / number, period, end)).toList();
  }

  /** Nanoseconds until the first deadline; 0 if there is none. */
  long begin() {
    return deadline - end < 0 ? Math.max(1, deadline - System.nanoTime()) : 0;
  }

  /** Called when the sleep is over: nanoseconds until the next deadline, or 0 if there are no more. */
  long woken() {
    long left = 0;
    while (left <= 0) {
      long now = System.nanoTime();
      note(now - deadline);
      deadline += period;
      if (deadline - end >= 0) {
        return 0;
      }
      left = deadline - now;
    }
    return left;
  }

  private void note(long nanos) {
    if (count == late.length) {
      late = Arrays.copyOf(late, 2 * count);
    }
    late[count++] = nanos;
  }

  /** What {@link Commands} answers: of all sleepers, and how many slices the hog has computed. */
  static String answer(List<Sleeper> sleepers, long slices) {
    long[] all = sleepers.stream().flatMapToLong(sleeper -> Arrays.stream(sleeper.late, 0, sleeper.count)).sorted()
        .toArray();
    if (all.length == 0) {
      return "0 slices=" + slices;
    }
    long early = Arrays.stream(all).filter(nanos -> nanos < 0).count();
    return "%d late-p50-ms=%.4f late-p99-ms=%.4f late-p99.9-ms=%.4f late-worst-ms=%.4f early=%d slices=%d".formatted(
        all.length, at(all, 0.5), at(all, 0.99), at(all, 0.999), at(all, 1), early, slices);
  }

  /** In milliseconds. */
  private static double at(long[] sorted, double share) {
    return sorted[(int) ((sorted.length - 1) * share)] / 1e6;
  }
}
