package io.github.epollo.timers;

import java.time.Duration;

/**
 * The arithmetic of deadlines: pure functions. A deadline is a time of the loop's clock in nanoseconds, or {@link #NEVER}.
 *
 * <p>Two deadlines are compared by subtraction, so that the clock may start anywhere and wrap around. That needs all of them within half of the range of
 * a long, so what lies further ahead than {@link #FURTHEST} is {@code NEVER}.
 */
final class Deadlines {
  /** The deadline that does not pass. */
  static final long NEVER = Long.MAX_VALUE;

  /** Nanoseconds from now to the furthest deadline that still passes. */
  static final long FURTHEST = 1L << 62; // 146 years

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Deadlines() {}

  /** The nanoseconds of {@code duration}, or the nearest long. */
  static long toNanos(Duration duration) {
    long seconds = duration.getSeconds();
    if (seconds >= Long.MAX_VALUE / NANOS_PER_SECOND) {
      return Long.MAX_VALUE;
    }
    if (seconds <= Long.MIN_VALUE / NANOS_PER_SECOND) {
      return Long.MIN_VALUE;
    }
    return seconds * NANOS_PER_SECOND + duration.getNano();
  }

  /** The deadline {@code nanos} after {@code now}. */
  static long after(long now, long nanos) {
    if (nanos > FURTHEST) {
      return NEVER;
    }
    long deadline = now + Math.max(nanos, -FURTHEST);
    return deadline == NEVER ? deadline + 1 : deadline; // one nanosecond late, but it passes
  }

  /** A deadline that came from outside, as one that can be compared with others. */
  static long normalize(long now, long deadline) {
    long left = deadline - now;
    if (deadline == NEVER) {
      return NEVER;
    }
    if (deadline == Long.MIN_VALUE || left < -FURTHEST) { // the former is what people write for "long over"
      return now - FURTHEST;
    }
    return left > FURTHEST ? NEVER : deadline;
  }

  /** Whether {@code deadline} has passed at {@code now}. */
  static boolean isReached(long deadline, long now) {
    return deadline != NEVER && now - deadline >= 0;
  }

  /** Whether {@code a} passes before {@code b}. */
  static boolean isEarlier(long a, long b) {
    return a != NEVER && (b == NEVER || a - b < 0);
  }

  /** What to give to timerfd_settime(2) for a deadline: there 0 would disarm, and a negative time is invalid. */
  static long toTimerfd(long deadline) {
    return Math.max(1, deadline);
  }

  /**
   * Returns {@code duration}'s nanoseconds.
   *
   * @throws IllegalArgumentException if it is negative
   */
  static long requireNotNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "negative duration: " + duration
              + "; use Duration.ZERO for no time at all, or sleepUntil(...) for a deadline that may have passed");
    }
    return toNanos(duration);
  }

  /**
   * Returns {@code period}'s nanoseconds.
   *
   * @throws IllegalArgumentException if it is not longer than zero
   */
  static long requirePositive(Duration period) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException(
          "period of " + period + ": it must be longer than zero; Duration.ofNanos(1) is the shortest");
    }
    return toNanos(period);
  }
}
