package io.github.epollo.timers;

/** The times at which a {@link Throttle} lets somebody through: at most so many in any span of one period. No clock, no lock. */
final class Grants {
  private final long[] times; // of the latest grants, a ring
  private final long period;
  private int oldest;
  private boolean full;

  Grants(int permits, long period) {
    this.times = new long[permits];
    this.period = period;
  }

  /** When the next grant is possible, at {@code now} or later. */
  private long next(long now) {
    if (!full) {
      return now;
    }
    long first = times[oldest];
    long next = first == Deadlines.NEVER ? first : Deadlines.after(first, period);
    return Deadlines.isEarlier(next, now) ? now : next;
  }

  /** Makes the next grant, and returns when it is. The times given never go back, if {@code now} does not. */
  long reserve(long now) {
    long next = next(now);
    times[oldest] = next;
    oldest = (oldest + 1) % times.length;
    full |= oldest == 0;
    return next;
  }

  /** Makes the next grant if it is possible at {@code now}. */
  boolean tryReserve(long now) {
    if (!Deadlines.isReached(next(now), now)) {
      return false;
    }
    long _ = reserve(now);
    return true;
  }
}
