package io.github.epollo.runtime.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a stream that failed is made again, and after what time.
 *
 * @see AsyncStream#retrying
 */
@FunctionalInterface
public interface RetryPolicy {
  /**
   * Returns how long to wait before the next attempt; null to give up.
   *
   * @param failures how many there were in a row, without a value in between: 1 or more
   * @param cause the newest failure
   */
  @Nullable
  Duration delay(int failures, Throwable cause);

  /**
   * Tries again until there were {@code max} failures in a row, and waits {@code initial} at first, then twice as long each time, up to {@code cap}.
   *
   * @throws IllegalArgumentException if {@code max} is not positive, {@code initial} is negative, or {@code cap} is less than {@code initial}
   */
  static RetryPolicy backoff(int max, Duration initial, Duration cap) {
    int limit = Limits.positive(max, "the number of failures");
    if (initial.isNegative() || cap.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "cannot wait " + initial + " at first and " + cap + " at most: use 0 <= initial <= cap");
    }
    return (failures, _) -> {
      if (failures >= limit) {
        return null;
      }
      Duration delay = initial;
      for (int i = 1; i < failures && delay.compareTo(cap) < 0 && !delay.isZero(); i++) {
        delay = delay.multipliedBy(2);
      }
      return delay.compareTo(cap) < 0 ? delay : cap;
    };
  }
}
