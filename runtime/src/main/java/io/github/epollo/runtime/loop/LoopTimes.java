package io.github.epollo.runtime.loop;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long the turns of a loop take, and how long ready work waits until it runs. Of the latter one at a time is watched: the first that becomes ready on the loop's own thread while none is.
 *
 * <p><b>Threading:</b> the loop's thread; {@link #turns} and {@link #delays} from any.
 */
final class LoopTimes {
  private static final int FORGET = 3; // turns after which the one that is watched must have been taken by another loop

  private final LongSupplier clock;
  private final long[] turns = new long[LatencyHistogram.SIZE];
  private final long[] delays = new long[LatencyHistogram.SIZE];
  private long turnBegan;
  private @Nullable Runnable watched;
  private long watchedSince;
  private int watchedTurns;

  LoopTimes(LongSupplier clock) {
    this.clock = clock;
  }

  void turnBegins() {
    turnBegan = clock.getAsLong();
    if (watched != null && ++watchedTurns > FORGET) {
      watched = null;
    }
  }

  /** The loop is about to look for events, or to wait. */
  void turnEnds() {
    add(turns, clock.getAsLong() - turnBegan);
  }

  void isReady(Runnable work) {
    if (watched == null) {
      watched = work;
      watchedSince = clock.getAsLong();
      watchedTurns = 0;
    }
  }

  void runs(Runnable work) {
    if (watched == work) {
      watched = null;
      add(delays, clock.getAsLong() - watchedSince);
    }
  }

  private static void add(long[] counts, long nanos) {
    counts[LatencyHistogram.bucket(Math.max(0, nanos))]++;
  }

  LatencyHistogram turns() {
    return new LatencyHistogram(turns);
  }

  LatencyHistogram delays() {
    return new LatencyHistogram(delays);
  }
}
