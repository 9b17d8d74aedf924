package io.github.epollo.timers;

/** The latest passes of a {@link Throttle}, and when the next is possible: at most so many in any span of one period. No clock, no lock. */
final class Grants {
  private final long[] times; // of the latest passes, a ring
  private final long period;
  private int oldest;
  private boolean full;
  private long latest; // of the times, once there is one

  Grants(int permits, long period) {
    this.times = new long[permits];
    this.period = period;
  }

  /** When the next pass is possible, at {@code now} or later. */
  long next(long now) {
    if (!full) {
      return now;
    }
    long next = Deadlines.after(times[oldest], period);
    return Deadlines.isEarlier(next, now) ? now : next;
  }

  /**
   * Notes a pass at {@code now}, and answers true, if one is possible then. Callers may have read the clock in another order than they come in: it counts as not earlier than the last.
   */
  boolean tryPass(long now) {
    if (!Deadlines.isReached(next(now), now)) {
      return false;
    }
    boolean any = full || oldest > 0;
    latest = any && Deadlines.isEarlier(now, latest) ? latest : now;
    times[oldest] = latest;
    oldest = (oldest + 1) % times.length;
    full |= oldest == 0;
    return true;
  }
}
