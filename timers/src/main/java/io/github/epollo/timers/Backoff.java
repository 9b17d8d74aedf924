package io.github.epollo.timers;

import io.github.epollo.runtime.future.Chance;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The pauses of a {@link Retry}: they grow by {@code factor} from {@code initial} up to {@code cap}; in nanoseconds. No clock. */
record Backoff(long initial, double factor, long cap) {
  /** Creates the pauses from what a user gave. */
  static Backoff of(Duration initial, double factor, Duration cap) {
    long first = Deadlines.requireNotNegative(initial);
    long last = Deadlines.requireNotNegative(cap);
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "factor " + factor + ": it must be 1 for pauses of one length, or a finite number above");
    }
    if (last < first) {
      throw new IllegalArgumentException(
          "first pause of " + initial + " above the longest of " + cap + ": exchange them");
    }
    return new Backoff(first, factor, last);
  }

  /** The longest pause after {@code failures} failures, of which there is at least one. */
  long longest(int failures) {
    double pause = initial * Math.pow(factor, failures - 1);
    return pause < cap ? (long) pause : initial == 0 ? 0 : cap; // 0 * infinity is no number
  }

  /** A pause between zero and the longest, each as likely. */
  long jittered(int failures, @Nullable RandomGenerator random) {
    long longest = longest(failures);
    RandomGenerator source = random == null ? Chance.current() : random;
    return longest == Long.MAX_VALUE ? source.nextLong() & Long.MAX_VALUE : source.nextLong(longest + 1);
  }
}
