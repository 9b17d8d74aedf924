package io.github.epollo.timers.wheel;

/**
 * The ticks of a wheel, counted from the time at which it was made, and the nanoseconds of its clock: the only place that turns one into the other.
 *
 * <p>Times are compared by subtraction, so that the clock may start anywhere and wrap around. That holds for 146 years from the origin, and for
 * deadlines up to 146 years ahead. Ticks neither wrap nor are negative: they are compared as they are.
 */
public final class Ticks {
  /** Stands for a tick that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  /** A tick is 2^10 ns: about a microsecond, which is finer than the kernel wakes anybody. */
  static final int SHIFT = 10;

  /** The last tick; it comes when all nanoseconds of a long have passed. */
  static final long LAST = 1L << (Long.SIZE - 1 - SHIFT);

  private static final long MASK = (1L << SHIFT) - 1;

  private final long origin;

  /** The ticks of a wheel that begins at the time {@code origin}. */
  public Ticks(long origin) {
    this.origin = origin;
  }

  /** The first tick at which {@code deadline} has passed; 0 if it had when the wheel was made. Rounds up: late by less than a tick, never early. */
  public long roundUp(long deadline) {
    long nanos = Math.max(0, deadline - origin);
    return (nanos >> SHIFT) + (((nanos & MASK) + MASK) >> SHIFT); // nanos + MASK might overflow
  }

  /** The tick that has come at {@code time}. */
  public long roundDown(long time) {
    return Math.max(0, time - origin) >> SHIFT;
  }

  /** The time at which {@code tick} comes. */
  public long toNanos(long tick) {
    return origin + (tick >= LAST ? Long.MAX_VALUE : tick << SHIFT);
  }
}
